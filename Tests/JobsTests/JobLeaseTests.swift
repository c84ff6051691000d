import Postgres
import Runtime
import Support
import Telemetry
import Testing
import Values

@testable import Jobs

/// What becomes of a job whose worker is gone, or holds it no more.
@Suite struct JobLeaseTests {
    @Test func aLapsedLeaseIsRetakenAndItsTokenWritesNothing() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let slow = bench.workers { _, context in
                try await gate.pass()
                await #expect(throws: CancellationError.self) { try await context.report(progress: 50) }
            }
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await slow.round(isHousekeeping: true)
            bench.pass(.seconds(59))
            let other = bench.workers()
            try await other.workOff()
            #expect(try await bench.states() == ["active 1"])
            bench.pass(.seconds(2))
            try await other.workOff()
            #expect(try await bench.states() == ["completed 2"])
            let row = try await bench.text("select jobs::text from jobs.jobs")
            gate.open()
            await slow.idle()
            #expect(try await bench.text("select jobs::text from jobs.jobs") == row)
        }
    }

    @Test func aLeaseThatLapsesAtTheLastTryFailsTheJob() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await bench.jobs.enqueue(JobKind<Int>("count", queue: "counting", attempts: 1), 1)
            let gate = Gate()
            let slow = bench.workers { _, _ in try await gate.pass() }
            try await slow.round(isHousekeeping: true)
            bench.pass(.seconds(61))
            try await bench.workers().workOff()
            #expect(try await bench.states() == ["failed 1"])
            gate.open()
            await slow.idle()
            #expect(try await bench.states() == ["failed 1"])
        }
    }

    @Test func aRenewedLeaseIsKeptAndALostOneCancelsItsTask() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let seen = Seen<String>()
            let workers = bench.workers { _, _ in
                do { try await gate.pass() } catch { seen.add("cancelled"); throw error }
            }
            try await bench.jobs.enqueue(Bench.kind, 1)
            try await workers.round(isHousekeeping: true)
            bench.pass(.seconds(50))
            try await workers.renew()
            bench.pass(.seconds(50))
            try await bench.workers().workOff()
            #expect(try await bench.states() == ["active 1"])
            try await database.execute(Command("update jobs.jobs set lock_token = gen_random_uuid()"))
            try await workers.renew()
            await workers.idle()
            #expect(seen.all == ["cancelled"])
            #expect(try await bench.states() == ["active 1"])
        }
    }

    /// The database cannot be asked for longer than a lease: somebody else may have the job by now.
    @Test func aLeaseThatCannotBeRenewedEndsItsJob() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let kind = JobKind<Int>("slow", queue: "counting", timeLimit: .seconds(600))
            let workers = JobWorkers(
                [JobType(kind) { _, _ in try await gate.pass() }], database: database,
                loops: [TestLoops.group.loops[0]], clock: bench.clock, log: .silent)
            try await bench.jobs.enqueue(kind, 1)
            try await workers.round(isHousekeeping: true)
            workers.endOverdue(at: EventLoop.monotonic() + Duration.seconds(50).nanoseconds)
            try await workers.renew()
            workers.endOverdue(at: EventLoop.monotonic() + Duration.seconds(59).nanoseconds)
            #expect(try await bench.states() == ["active 1"])
            workers.endOverdue(at: EventLoop.monotonic() + Duration.seconds(61).nanoseconds)
            await workers.idle()
            // Left to whoever has it, or to the lapse of the lease.
            #expect(try await bench.states() == ["active 1"])
        }
    }

    /// The process of the last try is gone, or what it had to say could not be written: whoever finds the lapsed lease says it.
    @Test func whatIsGivenUpIsToldByWhoeverFindsTheLapsedLease() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let kind = JobKind<Int>("count", queue: "counting", attempts: 1)
            let seen = Seen<String>()
            func workers(_ body: @escaping JobKind<Int>.Handler, givenUp: @escaping JobKind<Int>.GivenUp) -> JobWorkers {
                JobWorkers(
                    [JobType(kind, body, givenUp: givenUp)], database: database, loops: [TestLoops.group.loops[0]],
                    clock: bench.clock, log: .silent)
            }
            let gate = Gate()
            try await bench.jobs.enqueue(kind, 1)
            try await bench.jobs.enqueue(kind, 2)
            let dying = workers { number, _ in
                if number == 1 { try await gate.pass() } else { throw JobWorkersTests.Broken() }
            } givenUp: { _, _ in
                throw JobWorkersTests.Broken()
            }
            try await dying.round(isHousekeeping: true)
            let other = workers { _, _ in } givenUp: { number, reason in seen.add("\(number) \(reason)") }
            bench.pass(.seconds(61))
            try await other.workOff()
            #expect(seen.all.sorted() == ["1 lease lapsed", "2 lease lapsed"])
            #expect(try await bench.states() == ["failed 1", "failed 1"])
            gate.open()
            await dying.idle()
        }
    }
}
