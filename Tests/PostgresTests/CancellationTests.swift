import Dispatch
import Postgres
import Runtime
import Support
import Testing

@Suite(.timeLimit(.minutes(15))) struct CancellationTests {
    @Test func aCancelledTransactionLetsGoOfItsStatement() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            let holder = await Holder(database) { try await database.execute(Things.add(1, to: 1)) }
            let blocked = Task {
                try await TestLoops.run {
                    try await database.transaction { _ in try await database.execute(Things.add(1, to: 1)) }
                }
            }
            try await Backends.untilBlocked(database)
            blocked.cancel()
            // The lock is still held: only the cancellation can have ended it.
            await #expect(throws: CancellationError.self) { _ = try await blocked.value }
            try await holder.letGo()
            #expect(try await database.one(Things.thing(1)).amount == 1)
            #expect(database.metrics.leased == 0)
        }
    }

    @Test func aCancelledReportIsGivenUp() async throws {
        try await withDatabase(.empty) { database in
            let report = Task {
                try await database.all(Statement<Int>("select 1 from pg_sleep(600)", .report))
            }
            try await Backends.until {
                try await !database.administer("select 1 from pg_stat_activity where wait_event = 'PgSleep'").isEmpty
            }
            report.cancel()
            await #expect(throws: CancellationError.self) { _ = try await report.value }
        }
    }

    @Test func whoIsCancelledInLineLeavesIt() async throws {
        try await withDatabase(.empty, adjust: { $0.maximumConnections = 5; $0.waitLimit = .seconds(600) }) { database in
            let holder = await Holder(database) { _ = try await database.one(Things.divide(1, by: 1)) }
            let waiting = Task {
                try await TestLoops.run {
                    try await database.transaction { _ in try await database.one(Things.divide(1, by: 1)) }
                }
            }
            try await Backends.until { database.metrics.waiting == 1 }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiting.value }
            try await holder.letGo()
        }
    }

    /// Asking the server to cancel takes a thread. When none is to be had the statement runs to its end, and that is
    /// counted.
    @Test func aCancellationWithoutAThreadIsCounted() async throws {
        try await withDatabase(.empty) { own in
            let pool = BlockingPool("full", width: 1, limit: 0)
            let database = Database(own.settings, loops: TestLoops.group.loops, blocking: pool)
            defer { database.close() }
            let report = Task { try await TestLoops.run { try await database.all(Statement<Int>("select 1 from pg_sleep(600)", .report)) } }
            try await Backends.until {
                try await !own.administer("select 1 from pg_stat_activity where wait_event = 'PgSleep'").isEmpty
            }
            let gate = DispatchSemaphore(value: 0)
            // Whatever comes, the thread is let go: the end of this waits for it.
            defer { gate.signal() }
            async let busy: Void = pool.run { gate.wait() }
            try await Backends.until { pool.statistics.running == 1 }
            report.cancel()
            try await Backends.until { database.metrics.overloads == 1 }
            gate.signal()
            try await busy
            try await Backends.kill(own, where: "wait_event = 'PgSleep'")
            await #expect(throws: DatabaseError.self) { _ = try await report.value }
        }
    }
}
