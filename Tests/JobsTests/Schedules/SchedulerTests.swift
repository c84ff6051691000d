import Postgres
import Support
import Testing
import Values

@testable import Jobs

@Suite struct SchedulerTests {
    private func scheduler(_ bench: Bench, _ rule: Schedule.Rule) -> Scheduler {
        Scheduler([Schedule("tick", Bench.kind, 7, rule)], database: bench.database, clock: bench.clock)
    }

    private func next(_ bench: Bench) async throws -> Instant? {
        try await bench.database.first(Statement<Instant>("select next_run_at from jobs.schedules"))
    }

    @Test func everySoManySecondsAtFixedDistances() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let scheduler = scheduler(bench, .every(.seconds(30)))
            try await scheduler.declare()
            #expect(try await scheduler.fire() == 0)
            bench.pass(.seconds(35))
            #expect(try await scheduler.fire() == 1)
            #expect(try await next(bench) == Bench.start + .seconds(60))
            bench.pass(.seconds(100))
            // The first run is not finished: the row moves on, no second job is added.
            #expect(try await scheduler.fire() == 0)
            #expect(try await next(bench) == Bench.start + .seconds(150))
            #expect(try await bench.states() == ["waiting 0"])
        }
    }

    @Test func firedOnceOverAllInstances() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let scheduler = scheduler(bench, .every(.seconds(30)))
            try await scheduler.declare()
            bench.pass(.seconds(30))
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<8 {
                    group.addTask(executorPreference: TestLoops.group.loops[index % 2]) { try await scheduler.fire() }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.reduce(0, +) == 1)
            #expect(try await bench.states().count == 1)
        }
    }

    @Test func aMissOfOverAnHourIsNotMadeUpFor() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let scheduler = scheduler(bench, .cron("30 10 * * *"))
            try await scheduler.declare()
            bench.pass(.seconds(90 * 60 + 1))
            #expect(try await scheduler.fire() == 0)
            #expect(try await next(bench) == Bench.start + .seconds(30 * 60 + 86_400))
            bench.pass(.seconds(23 * 3600 + 1800))
            #expect(try await scheduler.fire() == 1)
        }
    }

    @Test func aDisabledScheduleIsLeftAlone() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let scheduler = scheduler(bench, .every(.seconds(30)))
            try await scheduler.declare()
            try await database.execute(Command("update jobs.schedules set is_enabled = false"))
            try await scheduler.declare()
            bench.pass(.seconds(60))
            #expect(try await scheduler.fire() == 0)
        }
    }

    @Test func declaringAgainKeepsTheInstantUnlessTheRuleHasChanged() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await scheduler(bench, .every(.seconds(600))).declare()
            bench.pass(.seconds(60))
            try await scheduler(bench, .every(.seconds(600))).declare()
            #expect(try await next(bench) == Bench.start + .seconds(600))
            try await scheduler(bench, .cron("0 4 * * *", zone: "Europe/Sofia")).declare()
            #expect(try await next(bench) == Instant("2026-11-22T02:00:00.000Z"))
        }
    }

    /// In Berlin the clocks go from 02:00 to 03:00 on 28 March 2027 and back on 31 October.
    @Test(arguments: [
        ("30 2 * * *", "2027-03-27T12:00:00.000Z", "2027-03-28T01:30:00.000Z"),
        ("30 2 * * *", "2027-03-28T01:30:00.000Z", "2027-03-29T00:30:00.000Z"),
        ("30 2 * * *", "2027-10-30T12:00:00.000Z", "2027-10-31T01:30:00.000Z"),
        ("30 2 * * *", "2027-10-31T01:30:00.000Z", "2027-11-01T01:30:00.000Z"),
        ("0 * * * *", "2027-10-31T01:30:00.000Z", "2027-10-31T02:00:00.000Z"),
    ])
    func changesOfTheClock(cron: String, now: String, expected: String) async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let scheduler = scheduler(bench, .every(.seconds(1)))
            let now = try #require(Instant(now))
            let rule = Schedule.Rule.cron(try #require(Cron(cron)), zone: "Europe/Berlin")
            #expect(try await scheduler.next(of: rule, after: now, previous: now) == Instant(expected))
        }
    }

    @Test func workersFireWhatTheyDeclare() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            let workers = bench.workers(schedules: [Schedule("tick", Bench.kind, 7, .every(.seconds(30)))]) { number, _ in
                seen.add(number)
            }
            try await workers.workOff()
            #expect(seen.all == [])
            for _ in 0..<3 {
                bench.pass(.seconds(30))
                try await workers.workOff()
            }
            #expect(seen.all == [7, 7, 7])
        }
    }
}
