import JSON
import Postgres
import Support
import Testing
import Values

@testable import Jobs

/// What operators see of the queues and do with them.
@Suite struct QueuesTests {
    struct Broken: Error {}

    private func queues(_ bench: Bench) -> Queues { Queues(database: bench.database, clock: bench.clock) }

    /// A job in every state: 1 completed, 2 failed, 3 active until the gate is opened, 4 delayed, 5 waiting.
    private func fill(_ bench: Bench, _ gate: Gate) async throws -> JobWorkers {
        // One place: while 3 has it, nobody takes 5.
        let workers = bench.workers(concurrency: 1) { number, _ in
            if number == 2 { throw JobVerdict.giveUp("no such address") }
            if number == 3 { try await gate.pass() }
        }
        for number in 1...3 { try await bench.jobs.enqueue(Bench.kind, number) }
        try await workers.round(isHousekeeping: true)
        while try await bench.states() != ["completed 1", "failed 1", "active 1"] {}
        try await bench.jobs.enqueue(Bench.kind, 4, after: .seconds(600))
        try await bench.jobs.enqueue(Bench.kind, 5)
        return workers
    }

    @Test func everyStateIsCounted() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let workers = try await fill(bench, gate)
            let stats = try #require(try await queues(bench).stats(of: "counting"))
            let counts = [stats.waiting, stats.delayed, stats.active, stats.completed, stats.failed, stats.total]
            #expect(counts == [1, 1, 1, 1, 1, 5])
            #expect(!stats.isPaused)
            #expect(try await queues(bench).stats() == [stats])
            #expect(try await queues(bench).stats(of: "other") == nil)
            gate.open()
            await workers.idle()
        }
    }

    @Test func pauseAndResumeAreHeardByEveryInstance() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let (done, does) = AsyncStream<Int>.makeStream()
            let both = TestLoops.group.loops.map { loop in bench.workers(on: loop) { number, _ in does.yield(number) } }
            try await both[0].workOff()
            #expect(try await queues(bench).pause("counting", by: nil))
            #expect(try await queues(bench).pause("counting", by: nil))
            for workers in both { workers.start() }
            for number in 0..<4 { try await bench.jobs.enqueue(Bench.kind, number) }
            #expect(try await queues(bench).stats(of: "counting")?.isPaused == true)
            #expect(try await queues(bench).resume("counting"))
            var iterator = done.makeAsyncIterator()
            for _ in 0..<4 { _ = await iterator.next() }
            for workers in both { await workers.stop(grace: .seconds(60)) }
            #expect(try await !queues(bench).pause("other", by: nil))
            #expect(try await !queues(bench).resume("other"))
        }
    }

    @Test func onlyWhatHasFailedIsTriedAgain() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let workers = try await fill(bench, gate)
            let all = try await queues(bench).jobs(JobSelection("counting"), after: nil, limit: 10)
            #expect(all.map(\.data.string) == ["5", "4", "3", "2", "1"])
            for job in all {
                #expect(try await queues(bench).retry(job.id, in: "other") == false)
                #expect(try await queues(bench).retry(job.id, in: "counting") == (job.state == .failed))
            }
            #expect(try await bench.states() == ["completed 1", "waiting 0", "active 1", "delayed 0", "waiting 0"])
            gate.open()
            await workers.idle()
            try await workers.workOff()
            #expect(try await bench.states() == ["completed 1", "failed 1", "completed 1", "delayed 0", "completed 1"])
        }
    }

    /// An unfinished job with its key does the work already.
    @Test func aKeyIsNotTakenTwiceByRetrying() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers { _, _ in throw JobVerdict.giveUp("x") }
            for number in 1...2 {
                try await bench.jobs.enqueue(Bench.kind, number, dedupe: "a")
                try await workers.workOff()
            }
            let failed = try await queues(bench).jobs(JobSelection("counting", state: .failed), after: nil, limit: 10)
            #expect(failed.count == 2)
            #expect(try await queues(bench).retry(JobSelection("counting", state: .failed), limit: 10) == 1)
            for job in failed { #expect(try await !queues(bench).retry(job.id, in: "counting")) }
            #expect(try await bench.states() == ["waiting 0", "failed 1"])
        }
    }

    @Test func whatIsUnderWayIsNotRemoved() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let workers = try await fill(bench, gate)
            for job in try await queues(bench).jobs(JobSelection("counting"), after: nil, limit: 10) {
                #expect(try await queues(bench).remove(job.id, in: "other") == false)
                #expect(try await queues(bench).remove(job.id, in: "counting") == (job.state != .active))
                #expect(try await queues(bench).remove(job.id, in: "counting") == false)
            }
            #expect(try await bench.states() == ["active 1"])
            gate.open()
            await workers.idle()
        }
    }

    @Test func aSelectionIsCountedAndCleaned() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await bench.jobs.enqueue(Bench.kind, all: Array(0..<30))
            try await bench.jobs.enqueue(JobKind<String>("other", queue: "counting"), "50%_of\\it")
            let desk = queues(bench)
            try await bench.workers(concurrency: 40).workOff()
            let waiting = JobSelection("counting", state: .completed, olderThan: .seconds(60))
            #expect(try await desk.count(waiting) == 0)
            bench.pass(.seconds(61))
            #expect(try await desk.count(waiting) == 30)
            #expect(try await desk.count(JobSelection("counting", name: "count", text: "9")) == 3)
            #expect(try await desk.count(JobSelection("counting", text: "%_OF")) == 1)
            #expect(try await desk.count(JobSelection("counting", text: "0_")) == 0)
            #expect(try await desk.clean(JobSelection("counting", state: .completed, text: "9"), limit: 2) == 2)
            #expect(try await desk.clean(waiting, limit: 100) == 28)
            #expect(try await desk.count(JobSelection("counting")) == 1)
        }
    }

    @Test(arguments: [JobState.waiting, .delayed, .active, .completed, .failed, nil])
    func stretchesFollowEachOther(state: JobState?) async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await bench.jobs.enqueue(Bench.kind, all: Array(0..<7))
            if let state {
                try await database.execute(
                    Command(
                        """
                        update jobs.jobs set state = \(state),
                            lock_token = case when \(state == .active) then gen_random_uuid() end,
                            locked_until = case when \(state == .active) then \(bench.now) end,
                            failed_reason = case when \(state == .failed) then 'x' end,
                            finished_at = case when \(state == .completed || state == .failed) then \(bench.now) end
                        """))
            }
            var seen: [String] = []
            var last: ID<Job>?
            while true {
                let stretch = try await queues(bench).jobs(JobSelection("counting", state: state), after: last, limit: 3)
                seen += stretch.map(\.data.string)
                guard let end = stretch.last else { break }
                last = end.id
            }
            #expect(seen.count == 7 && Set(seen).count == 7)
        }
    }

    @Test func aSearchHasTwoSeconds() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await bench.jobs.enqueue(Bench.kind, 1)
            await #expect(throws: SearchTookTooLong.self) {
                try await database.transaction { _ in
                    try await database.execute(Command("lock table jobs.jobs in access exclusive mode"))
                    // Detached, or it would be part of this transaction.
                    try await Task.detached(executorPreference: TestLoops.group.loops[1]) {
                        _ = try await Queues(database: database, clock: bench.clock).count(JobSelection("counting", text: "1"))
                    }.value
                }
            }
        }
    }

    @Test func whatBecameOfJobsIsKeptByTheMinute() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers { number, _ in if number > 2 { throw JobVerdict.giveUp("x") } }
            for number in 1...3 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.workOff()
            await workers.writeTallies()
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await workers.workOff()
            await workers.writeTallies()
            bench.pass(.seconds(120))
            try await bench.jobs.enqueue(Bench.kind, 4)
            try await workers.workOff()
            await workers.writeTallies()
            let minutes = try await queues(bench).throughput(of: "counting", minutes: 60)
            let told = minutes.map { "\($0.minute - Bench.start) \($0.completed) \($0.failed)" }
            #expect(told == ["0.0 seconds 3 1", "120.0 seconds 0 1"])
            #expect(try await queues(bench).throughput(of: "other", minutes: 60).isEmpty)
            try await bench.jobs.enqueue(Bench.kind, 5)
            bench.pass(.seconds(30))
            let signs = try #require(try await queues(bench).signs().first)
            #expect(signs.finished == 5 && signs.failed == 2 && signs.oldestWaitingSeconds == 30)
            bench.pass(.seconds(86_400))
            try await workers.purgeFinished()
            #expect(try await bench.text("select count(*)::text from jobs.tallies") == "0")
        }
    }

    @Test func manyJobsAreAddedAtOnce() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            #expect(try await bench.jobs.enqueue(Bench.kind, all: Array(0..<1_201), dedupe: { "\($0 % 1_100)" }) == 1_100)
            #expect(try await bench.jobs.enqueue(Bench.kind, all: [1, 2], after: .seconds(10)) == 2)
            #expect(try await bench.jobs.enqueue(Bench.kind, all: []) == 0)
            let states = try await bench.states()
            #expect(states.count { $0 == "waiting 0" } == 1_100 && states.count { $0 == "delayed 0" } == 2)
        }
    }
}
