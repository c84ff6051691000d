@testable import Postgres
import Runtime
import Support
import Testing

@Suite(.timeLimit(.minutes(15))) struct OutageTests {
    @Test func connectionsKilledWhileIdleAreReplaced() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            _ = try await database.one(Things.count)
            try await Backends.kill(database)
            try await Backends.until { database.metrics.connections == 0 }
            #expect(try await database.one(Things.count) == 1)
            try await database.execute(Things.insert(2, nil))
        }
    }

    @Test func aReadThatLosesItsConnectionIsSentAgain() async throws {
        try await withDatabase(.empty, adjust: { $0.connection.laneStatementTimeout = .seconds(60) }) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            let holder = await Holder(database) { try await database.execute(Command("lock table things in access exclusive mode")) }
            async let count = database.one(Things.count)
            try await Backends.untilBlocked(database)
            try await Backends.kill(database, where: "wait_event_type = 'Lock'")
            try await Backends.until { database.metrics.retries > 0 }
            try await holder.letGo()
            #expect(try await count == 1)
        }
    }

    /// A call that changes something reads like a question, and is not asked again.
    @Test func theOutcomeOfALostCallIsUnknown() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            try await database.administer(
                """
                create function more() returns bigint language sql as $$
                    update things set amount = coalesce(amount, 0) + 1 where id = 1 returning amount
                $$
                """)
            let holder = await Holder(database) { try await database.execute(Things.add(1, to: 1)) }
            async let called = failure { _ = try await database.one(Statement<Int>("select more()", .change)) }
            try await Backends.untilBlocked(database)
            try await Backends.kill(database, where: "wait_event_type = 'Lock'")
            #expect(await called?.kind == .connectionLost(outcomeUnknown: true))
            try await holder.letGo()
        }
    }

    @Test func theOutcomeOfALostWriteIsUnknown() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            let holder = await Holder(database) { try await database.execute(Things.add(1, to: 1)) }
            async let blocked = failure { try await database.execute(Things.add(1, to: 1)) }
            async let inTransaction = failure {
                try await database.transaction { _ in try await database.execute(Things.add(1, to: 1)) }
            }
            try await Backends.untilBlocked(database, 2)
            try await Backends.kill(database, where: "wait_event_type = 'Lock'")
            #expect(await blocked?.kind == .connectionLost(outcomeUnknown: true))
            // Its COMMIT had not been sent: nothing has happened.
            #expect(await inTransaction?.kind == .connectionLost(outcomeUnknown: false))
            try await holder.letGo()
            #expect(try await database.one(Things.thing(1)).amount == 1)
        }
    }

    private func failure(_ body: () async throws -> Void) async -> DatabaseError? {
        do { try await body() } catch { return error as? DatabaseError }
        return nil
    }

    private func failure<T>(_ body: () async throws -> T) async -> DatabaseError? {
        do { _ = try await body() } catch { return error as? DatabaseError }
        return nil
    }

    /// Requests that come while the server is away wait for it, and nothing else has to be done.
    @Test func serviceResumesAfterARestart() async throws {
        try await TestLoops.run {
            var options = ClusterOptions(folder: TestCluster.folder + "/restart")
            options.isDurable = false
            let cluster = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            var settings = DatabaseSettings(try ConnectionSettings(cluster.connectionString))
            settings.waitLimit = .seconds(60)
            let database = Database(settings, loops: TestLoops.group.loops, blocking: TestLoops.blocking)
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            #expect(try await database.one(Things.count) == 1)
            await cluster.stop()
            try await Backends.until { database.metrics.connections == 0 }
            async let count = database.one(Things.count)
            async let inserted = database.execute(Things.insert(2, nil))
            async let moved = database.transaction { _ in try await database.execute(Things.insert(3, nil)) }
            try await Backends.until { database.metrics.losses > 3 }
            let again = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            #expect(!again.wasAdopted)
            #expect(try await count >= 1)
            #expect(try await inserted == 1)
            #expect(try await moved == 1)
            #expect(try await database.one(Things.count) == 3)
            database.close()
            await again.stop()
        }
    }

    @Test func withoutAServerRequestsAreRefusedAfterTheirWait() async throws {
        try await TestLoops.run {
            var settings = DatabaseSettings(try ConnectionSettings("host=/nowhere user=nobody dbname=nothing"))
            settings.waitLimit = .milliseconds(100)
            let database = Database(settings, loops: TestLoops.group.loops, blocking: TestLoops.blocking)
            let read = await failure { try await database.one(Things.count) }
            #expect(read?.kind == .unavailable && read?.isOutage == true)
            #expect(await failure { try await database.execute(Things.insert(1, nil)) }?.kind == .unavailable)
            database.close()
        }
    }

    /// What begins with a read and writes afterwards is a write.
    @Test func aLostGroupIsNotSentAgainBecauseItBeginsWithARead() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            let holder = await Holder(database) { try await database.execute(Things.add(1, to: 1)) }
            async let blocked = failure { try await database.write(Things.count, Things.add(1, to: 1)) }
            try await Backends.untilBlocked(database)
            try await Backends.kill(database, where: "wait_event_type = 'Lock'")
            // Sent again, it would wait for the lock once more.
            #expect(await blocked?.kind == .connectionLost(outcomeUnknown: true))
            try await holder.letGo()
        }
    }

    @Test func aHostThatCannotBeResolvedIsLeftOut() async throws {
        try await TestLoops.run {
            // No label may be so long: no name server has to be asked.
            let nowhere = String(repeating: "a", count: 70)
            let resolver = Resolver(pool: TestLoops.blocking)
            let some = try ConnectionSettings("host=\(nowhere),127.0.0.1,/run port=1,2,3 user=nobody")
            let parameters = try await some.parameters(for: .plain, resolver: resolver)
            func value(_ name: String) -> String? { parameters.first { $0.name == name }?.value }
            #expect(value("host") == "127.0.0.1,/run")
            #expect(value("hostaddr") == "127.0.0.1,")
            #expect(value("port") == "2,3")
            let none = try ConnectionSettings("host=\(nowhere) user=nobody")
            await #expect(throws: Resolver.Failure.self) { _ = try await none.parameters(for: .plain, resolver: resolver) }
        }
    }
}
