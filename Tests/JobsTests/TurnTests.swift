import Postgres
import Support
import Testing
import Values

@testable import Jobs

/// Rates over all instances, and turns.
@Suite struct TurnTests {
    private func done(_ bench: Bench) async throws -> Int {
        try await bench.states().count { $0.hasPrefix("completed") }
    }

    @Test func noMoreThanTheRateWithinAnyWindow() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers(rate: .perMinute(5))
            for number in 0..<3 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.workOff()
            #expect(try await done(bench) == 3)
            bench.pass(.seconds(50))
            for number in 3..<20 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.workOff()
            #expect(try await done(bench) == 5)
            bench.pass(.seconds(9))
            try await workers.workOff()
            #expect(try await done(bench) == 5)
            // The first three have left the window, the two of the 50th second have not.
            bench.pass(.seconds(2))
            try await workers.workOff()
            #expect(try await done(bench) == 8)
            bench.pass(.seconds(50))
            try await workers.workOff()
            #expect(try await done(bench) == 10)
            try await workers.purgeFinished()
            #expect(try await bench.text("select count(*)::text from jobs.rate_windows") == "4")
            bench.pass(.seconds(3600))
            try await workers.purgeFinished()
            #expect(try await bench.text("select count(*)::text from jobs.rate_windows") == "0")
        }
    }

    /// Scenario 12: 150 ordinary messages, then a code.
    @Test func whatIsCriticalNeverWaitsForTheRateAndCounts() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            let workers = bench.workers(rate: .perMinute(100)) { number, _ in seen.add(number) }
            for number in 0..<150 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.workOff()
            #expect(seen.all == Array(0..<100))
            try await bench.jobs.enqueue(Bench.kind, 1000, priority: .critical)
            try await bench.jobs.enqueue(Bench.kind, 1001, priority: .high)
            try await workers.workOff()
            #expect(seen.all.suffix(1) == [1000])
            #expect(try await bench.text("select sum(used)::text from jobs.rate_windows") == "101")
            bench.pass(.seconds(61))
            try await bench.jobs.enqueue(Bench.kind, 1002, priority: .critical)
            try await workers.workOff()
            #expect(seen.all.count == 153)
            #expect(Array(seen.all[101...102]) == [1002, 1001])
        }
    }

    @Test func theRateHoldsOverInstances() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.transaction { _ in
                for number in 0..<60 { try await bench.jobs.enqueue(Bench.kind, number) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for loop in TestLoops.group.loops {
                    let workers = bench.workers(concurrency: 3, rate: .perMinute(25), on: loop) { _, _ in
                        _ = try await database.first(Statement<Int>("select 1"))
                    }
                    group.addTask(executorPreference: loop) {
                        for _ in 0..<15 { try await workers.workOff() }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await done(bench) == 25)
            #expect(try await bench.text("select sum(used)::text from jobs.rate_windows") == "25")
        }
    }

    @Test func partiesTakeTurns() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            let workers = bench.workers(concurrency: 1, takesTurns: true) { number, _ in seen.add(number) }
            for number in 10..<16 { try await bench.jobs.enqueue(Bench.kind, number, fairness: "a") }
            for number in 20..<22 { try await bench.jobs.enqueue(Bench.kind, number, fairness: "b") }
            for number in 0..<2 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await bench.jobs.enqueue(Bench.kind, 30, fairness: "c")
            try await workers.workOff()
            #expect(seen.all == [10, 20, 30, 0, 11, 21, 1, 12, 13, 14, 15])
        }
    }

    /// Whoever came last is remembered beside the queue, for each priority: what is urgent does not reset the turns.
    @Test func turnsGoOnOverInstancesAndPriorities() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await bench.workers(takesTurns: true).workOff()
            for number in 10..<14 { try await bench.jobs.enqueue(Bench.kind, number, fairness: "a") }
            for number in 20..<24 { try await bench.jobs.enqueue(Bench.kind, number, fairness: "b") }
            var taken: [String] = []
            for turn in 0..<8 {
                if turn.isMultiple(of: 2) {
                    try await bench.jobs.enqueue(Bench.kind, 90 + turn, fairness: "z", priority: .high)
                }
                let (_, jobs) = try await database.write(
                    TurnQueries.lock("counting"),
                    TurnQueries.take("counting", free: turn.isMultiple(of: 2) ? 2 : 1, token: .v7(), now: bench.clock.now))
                taken += jobs.sorted().map(\.data.string)
            }
            #expect(taken == ["90", "10", "20", "92", "11", "21", "94", "12", "22", "96", "13", "23"])
        }
    }

    @Test func aBatchIsSharedOut() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let seen = Seen<Int>()
            let workers = bench.workers(concurrency: 5, takesTurns: true) { number, _ in
                seen.add(number)
                try await gate.pass()
            }
            for party in 1...3 {
                for number in 0..<10 { try await bench.jobs.enqueue(Bench.kind, party * 10 + number, fairness: "\(party)") }
            }
            try await workers.round(isHousekeeping: true)
            #expect(Set(seen.all) == [10, 20, 30, 11, 21])
            gate.open()
            await workers.idle()
            #expect(seen.all.count == 30)
        }
    }

    @Test func manyPlacesAreFilledInBatches() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers(concurrency: 50, takesTurns: true)
            for number in 0..<90 { try await bench.jobs.enqueue(Bench.kind, number, fairness: "\(number % 2)") }
            try await workers.workOff()
            #expect(try await done(bench) == 90)
        }
    }

    @Test func aPausedQueueIsLeftAlone() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers(takesTurns: true)
            try await workers.workOff()
            try await bench.jobs.enqueue(Bench.kind, 1, fairness: "a")
            try await database.execute(Command("update jobs.queues set is_paused = true"))
            try await workers.workOff()
            #expect(try await bench.states() == ["waiting 0"])
        }
    }
}
