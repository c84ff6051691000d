import Postgres
import Runtime
import Support
import Telemetry
import Testing
import Values

@testable import Jobs

/// What becomes of a job between being taken and being done with: order, tries, limits of time, stops.
@Suite struct JobWorkersTests {
    struct Broken: Error {}

    @Test func twoWorkersNeverTakeOneJobTwice() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            try await database.transaction { _ in
                for number in 0..<200 { try await bench.jobs.enqueue(Bench.kind, number) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for loop in TestLoops.group.loops {
                    let workers = bench.workers(concurrency: 7, on: loop) { number, _ in
                        _ = try await database.first(Statement<Int>("select 1"))
                        seen.add(number)
                    }
                    group.addTask(executorPreference: loop) {
                        for _ in 0..<40 { try await workers.workOff() }
                    }
                }
                try await group.waitForAll()
            }
            #expect(seen.all.sorted() == Array(0..<200))
            #expect(Set(try await bench.states()) == ["completed 1"])
        }
    }

    @Test func priorityThenInstantThenAge() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await bench.jobs.enqueue(Bench.kind, 2)
            try await bench.jobs.enqueue(Bench.kind, 3, at: bench.now - .seconds(5))
            try await bench.jobs.enqueue(Bench.kind, 4, priority: .low)
            try await bench.jobs.enqueue(Bench.kind, 5, priority: .critical)
            let workers = bench.workers(concurrency: 1) { number, _ in seen.add(number) }
            // One place: each end takes the next, and they are idle when there is none.
            try await workers.workOff()
            #expect(seen.all == [5, 3, 1, 2, 4])
            #expect(Set(try await bench.states()) == ["completed 1"])
        }
    }

    @Test func neverMoreAtOnceThanTheQueueHasPlaces() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let workers = bench.workers(concurrency: 3) { _, _ in try await gate.pass() }
            for number in 0..<5 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.round(isHousekeeping: true)
            try await workers.round(isHousekeeping: true)
            #expect(try await bench.states().filter { $0 == "active 1" }.count == 3)
            gate.open()
            await workers.idle()
            try await workers.workOff()
            #expect(Set(try await bench.states()) == ["completed 1"])
        }
    }

    @Test func aPausedQueueIsNotTakenFrom() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers()
            try await workers.workOff()
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await database.execute(Command("update jobs.queues set is_paused = true"))
            try await workers.workOff()
            #expect(try await bench.states() == ["waiting 0"])
            try await database.execute(Command("update jobs.queues set is_paused = false"))
            try await workers.workOff()
            #expect(try await bench.states() == ["completed 1"])
        }
    }

    @Test func aFailingJobIsRetriedThenFailed() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            let workers = bench.workers { _, context in
                seen.add(context.attempt)
                #expect(context.attempts == 3)
                throw Broken()
            }
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await workers.workOff()
            #expect(try await bench.states() == ["delayed 1"])
            bench.pass(.milliseconds(8_900))
            try await workers.workOff()
            #expect(seen.all == [1])
            bench.pass(.milliseconds(2_200))
            try await workers.workOff()
            #expect(seen.all == [1, 2])
            bench.pass(.seconds(22))
            try await workers.workOff()
            #expect(seen.all == [1, 2, 3])
            #expect(try await bench.states() == ["failed 3"])
            #expect(try await bench.text("select failed_reason from jobs.jobs") == "Broken()")
            #expect(try await bench.text("select jsonb_path_query_array(errors, '$[*].attempt')::text from jobs.jobs") == "[1, 2, 3]")
        }
    }

    @Test func giveUpFailsAtOnceAndSnoozeDoesNotCount() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers { number, context in
                if number == 1 { throw JobVerdict.giveUp("no such address") }
                throw JobVerdict.snooze(.seconds(30))
            }
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await bench.jobs.enqueue(Bench.kind, 2)
            try await workers.workOff()
            #expect(try await bench.states() == ["failed 1", "delayed 0"])
            #expect(try await bench.text("select failed_reason from jobs.jobs where state = 'failed'") == "no such address")
        }
    }

    @Test func dataThatCannotBeReadFailsAndUnknownNamesWait() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await bench.jobs.enqueue(JobKind<String>("count", queue: "counting"), "not a number")
            try await bench.jobs.enqueue(JobKind<Int>("of a later version", queue: "counting"), 1)
            try await bench.workers().workOff()
            #expect(try await bench.states() == ["failed 1", "delayed 0"])
        }
    }

    @Test func stopGivesLeasesBackUncounted() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let workers = bench.workers { number, _ in if number == 1 { try await gate.pass() } }
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await bench.jobs.enqueue(Bench.kind, 2)
            try await workers.round(isHousekeeping: true)
            await workers.stop(grace: .zero)
            #expect(try await bench.states() == ["waiting 0", "completed 1"])
            await workers.idle()
            #expect(try await bench.states() == ["waiting 0", "completed 1"])
            try await bench.workers().workOff()
            #expect(try await bench.states() == ["completed 1", "completed 1"])
        }
    }

    @Test func stopWaitsForWhatEndsInTime() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let workers = bench.workers { _, _ in try await gate.pass() }
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await workers.round(isHousekeeping: true)
            async let stopped: Void = workers.stop(grace: .seconds(600))
            gate.open()
            await stopped
            #expect(try await bench.states() == ["completed 1"])
        }
    }

    @Test func startedWorkersAreWokenByTheCommit() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let (done, does) = AsyncStream<Int>.makeStream()
            let workers = bench.workers { number, _ in does.yield(number) }
            workers.start()
            var iterator = done.makeAsyncIterator()
            var seen: [Int] = []
            for number in 0..<20 {
                try await bench.jobs.enqueue(Bench.kind, number)
                seen.append(await iterator.next() ?? -1)
            }
            #expect(seen == Array(0..<20))
            await workers.stop(grace: .seconds(60))
            #expect(Set(try await bench.states()) == ["completed 1"])
        }
    }

    @Test func aStormOfStartsAndStopsLosesNothing() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            for number in 0..<30 {
                let loop = TestLoops.group.loops[number % 2]
                let workers = bench.workers(concurrency: 2, on: loop) { _, _ in
                    _ = try await database.first(Statement<Int>("select 1"))
                }
                workers.start()
                for _ in 0..<3 { try await bench.jobs.enqueue(Bench.kind, number) }
                await workers.stop(grace: .zero)
            }
            #expect(try await bench.states().allSatisfy { $0 == "waiting 0" || $0 == "completed 1" })
            let last = bench.workers(concurrency: 100)
            try await last.workOff()
            #expect(try await bench.states() == Array(repeating: "completed 1", count: 90))
        }
    }

    /// 0-platform 4.11 (5).
    @Test func ofCompletedJobsAThousandAreKeptAndOfPaymentsAll() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let money = JobWorkers(
                [JobType(Bench.kind) { _, _ in }], queues: [Queue("counting", concurrency: 1, keep: .money)],
                database: database, loops: [TestLoops.group.loops[0]], clock: bench.clock, log: .silent)
            try await database.execute(
                Command(
                    """
                    insert into jobs.jobs (id, queue, name, data, priority, state, run_at, attempts_made, max_attempts,
                        backoff_ms, finished_at)
                    select gen_random_uuid(), 'counting', 'count', '1', 3, 'completed', moment, 1, 3, 1000, moment
                    from (select \(bench.now) + make_interval(secs => n / 1000.0) as moment
                          from generate_series(1, 2300) n) as moments
                    """))
            bench.pass(.seconds(3600))
            try await money.purgeFinished()
            #expect(try await bench.states().count == 2300)
            try await bench.workers().purgeFinished()
            #expect(try await bench.states().count == 1000)
            #expect(
                try await bench.text("select min(finished_at)::text from jobs.jobs")
                    == (try await bench.text("select (\(Bench.start) + interval '1301 ms')::text")))
        }
    }

    @Test func finishedJobsArePurgedWhenTheirTimeIsOver() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers { number, _ in if number == 2 { throw JobVerdict.giveUp("x") } }
            for number in 1...2 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.workOff()
            bench.pass(.seconds(86_399))
            try await workers.purgeFinished()
            #expect(try await bench.states() == ["completed 1", "failed 1"])
            bench.pass(.seconds(2))
            try await workers.purgeFinished()
            #expect(try await bench.states() == ["failed 1"])
            bench.pass(.seconds(6 * 86_400))
            try await workers.purgeFinished()
            #expect(try await bench.states() == [])
        }
    }

    @Test func whatTakesTooLongIsCancelledAndTriedAgain() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let kind = JobKind<Int>("slow", queue: "counting", timeLimit: .zero)
            let gate = Gate()
            let workers = JobWorkers(
                [JobType(kind) { _, _ in try await gate.pass() }], database: database,
                loops: [TestLoops.group.loops[0]], clock: bench.clock, log: .silent)
            try await bench.jobs.enqueue(kind, 1)
            try await workers.round(isHousekeeping: true)
            workers.endOverdue()
            await workers.idle()
            #expect(try await bench.states() == ["delayed 1"])
            #expect(
                try await bench.text("select errors->0->>'message' from jobs.jobs") == "took longer than its time limit")
        }
    }

    /// After the last try the kind says what becomes of its object: once, and in a task that nobody has cancelled.
    @Test func whatIsGivenUpIsToldAlsoAfterItsTimeLimit() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let kind = JobKind<Int>("slow", queue: "counting", attempts: 2, backOff: .seconds(10), timeLimit: .zero)
            let gates = [Gate(), Gate()]
            let seen = Seen<String>()
            let type = JobType(kind) { number, context in
                if number == 1 { try await gates[context.attempt - 1].pass() }
                if number == 2 { throw JobVerdict.giveUp("no such address") }
            } givenUp: { number, reason in
                seen.add("\(number) \(reason) \(try await database.one(Statement<Int>("select 1")))")
            }
            let workers = JobWorkers(
                [type], database: database, loops: [TestLoops.group.loops[0]], clock: bench.clock, log: .silent)
            for number in 1...3 { try await bench.jobs.enqueue(kind, number) }
            try await workers.round(isHousekeeping: true)
            workers.endOverdue()
            await workers.idle()
            #expect(seen.all == ["2 no such address 1"])
            bench.pass(.seconds(12))
            try await workers.round(isHousekeeping: true)
            workers.endOverdue()
            await workers.idle()
            #expect(try await bench.states() == ["failed 2", "failed 1", "completed 1"])
            #expect(seen.all == ["2 no such address 1", "1 took longer than its time limit 1"])
        }
    }

    @Test func metricsTellOutcomesAndStatesByQueue() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let registry = MetricRegistry(loops: 2)
            let workers = JobWorkers(
                [JobType(Bench.kind) { number, _ in if number > 2 { throw Broken() } }], database: database,
                loops: TestLoops.group.loops, clock: bench.clock, log: .silent, metrics: registry)
            for number in 1...3 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.workOff()
            try await bench.jobs.enqueue(Bench.kind, 4)
            try await workers.countJobs()
            let text = String(decoding: registry.prometheusText(), as: UTF8.self)
            for line in [
                #"jobs_finished_total{queue="counting",outcome="completed"} 2"#,
                #"jobs_finished_total{queue="counting",outcome="retried"} 1"#, #"jobs_running{queue="counting"} 0"#,
                #"jobs{queue="counting",state="waiting"} 1"#, #"jobs{queue="counting",state="delayed"} 1"#,
                #"jobs_seconds_count{queue="counting"} 3"#,
            ] {
                #expect(text.contains(line + "\n"))
            }
        }
    }

    @Test func reasonsThatAreKeptQuoteNoRow() {
        var error = DatabaseError(.uniqueViolation, "duplicate key value")
        error.detail = "Key (email)=(ann@example.com) already exists."
        error.constraint = "users_email_key"
        #expect(JobFailure.reason(error) == "database 23505 users_email_key")
        #expect(JobFailure.reason(JobVerdict.giveUp(String(repeating: "x", count: 600))).count == 500)
    }
}
