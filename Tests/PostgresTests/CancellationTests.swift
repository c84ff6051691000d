import Postgres
import Support
import Testing

@Suite struct CancellationTests {
    @Test func aCancelledTransactionLetsGoOfItsStatement() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            let (taken, release) = (Rendezvous(parties: 2), Rendezvous(parties: 2))
            async let holder: Void = database.transaction { _ in
                try await database.execute(Things.add(1, to: 1))
                await taken.arrive()
                await release.arrive()
            }
            await taken.arrive()
            let blocked = Task {
                try await TestLoops.run {
                    try await database.transaction { _ in try await database.execute(Things.add(1, to: 1)) }
                }
            }
            try await Backends.untilBlocked(database)
            blocked.cancel()
            // The lock is still held: only the cancellation can have ended it.
            await #expect(throws: CancellationError.self) { _ = try await blocked.value }
            await release.arrive()
            try await holder
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
            let (taken, release) = (Rendezvous(parties: 2), Rendezvous(parties: 2))
            async let holder: Void = database.transaction { _ in
                _ = try await database.one(Things.divide(1, by: 1))
                await taken.arrive()
                await release.arrive()
            }
            await taken.arrive()
            let waiting = Task {
                try await TestLoops.run {
                    try await database.transaction { _ in try await database.one(Things.divide(1, by: 1)) }
                }
            }
            try await Backends.until { database.metrics.waiting == 1 }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiting.value }
            await release.arrive()
            try await holder
        }
    }
}
