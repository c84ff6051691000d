import Postgres
import Support
import Testing
import Values

@testable import Jobs

/// Schedules that are added while the program runs, and what operators do with schedules.
@Suite struct RecurringTests {
    @Test func anyInstanceFiresWhatWasAdded() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            let workers = bench.workers { number, _ in seen.add(number) }
            let kind = JobKind<Int>("count", queue: "counting", priority: .low)
            try await bench.jobs.addRecurring(Schedule("digest", kind, 7, .every(.seconds(60))))
            try await workers.workOff()
            #expect(seen.all == [])
            bench.pass(.seconds(60))
            try await workers.workOff()
            #expect(seen.all == [7])
            #expect(try await bench.text("select priority || ' ' || max_attempts from jobs.jobs") == "4 2")
            try await bench.jobs.addRecurring(Schedule("digest", Bench.kind, 8, .cron("5 * * * *")))
            bench.pass(.seconds(4 * 60))
            try await workers.workOff()
            #expect(seen.all == [7, 8])
            #expect(try await bench.jobs.removeRecurring("digest"))
            #expect(try await !bench.jobs.removeRecurring("digest"))
            bench.pass(.seconds(3600))
            try await workers.workOff()
            #expect(seen.all == [7, 8])
        }
    }

    @Test func whatTheProgramDeclaresIsItsOwn() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers(schedules: [Schedule("tick", Bench.kind, 1, .every(.seconds(30)))])
            try await workers.workOff()
            try await bench.jobs.addRecurring(Schedule("tick", Bench.kind, 2, .every(.seconds(60))))
            #expect(try await bench.text("select data::text || ' ' || every_seconds from jobs.schedules") == "1 30")
            #expect(try await !bench.jobs.removeRecurring("tick"))
            // A program that no longer declares it does not fire it.
            bench.pass(.seconds(60))
            try await bench.workers().workOff()
            #expect(try await bench.states() == [])
        }
    }

    @Test func aScheduleRestsAndIsDueFromThenOn() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let queues = Queues(database: database, clock: bench.clock)
            let workers = bench.workers(schedules: [Schedule("tick", Bench.kind, 1, .every(.seconds(30)))])
            try await workers.workOff()
            #expect(try await queues.setSchedule("other", enabled: false) == nil)
            let change = try #require(try await queues.setSchedule("tick", enabled: false))
            #expect(change.0.isEnabled && !change.1.isEnabled)
            bench.pass(.seconds(100))
            try await workers.workOff()
            #expect(try await bench.states() == [])
            _ = try await queues.setSchedule("tick", enabled: true)
            try await workers.workOff()
            #expect(try await bench.states() == [])
            #expect(try await queues.schedules().map(\.nextRunAt) == [bench.now + .seconds(30)])
        }
    }

    @Test func aScheduleIsRunAtOnceUnlessItRuns() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let queues = Queues(database: database, clock: bench.clock)
            let seen = Seen<Int>()
            let workers = bench.workers(schedules: [Schedule("tick", Bench.kind, 5, .every(.seconds(30)))]) { number, _ in
                seen.add(number)
            }
            try await workers.workOff()
            guard case .enqueued = try await queues.run("tick") else { return #expect(Bool(false)) }
            #expect(try await queues.run("tick") == .isRunning)
            #expect(try await queues.run("other") == .unknown)
            try await workers.workOff()
            #expect(seen.all == [5])
        }
    }
}
