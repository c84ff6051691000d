import Postgres
import Runtime
import Support
import Telemetry
import Testing
import Values

@testable import Jobs

/// How long a job is left to a process that may be dead.
@Suite struct LeaseTests {
    private static let quick = JobKind<Int>("quick", queue: "counting", lease: .seconds(6))
    private static let usual = JobKind<Int>("usual", queue: "counting")

    private func workers(_ database: Database, _ bench: Bench, _ gate: Gate) -> JobWorkers {
        JobWorkers(
            [JobType(Self.quick) { _, _ in try await gate.pass() }, JobType(Self.usual) { _, _ in try await gate.pass() }],
            database: database, loops: [TestLoops.group.loops[0]], clock: bench.clock, log: .silent)
    }

    /// Of two jobs that one process has begun the one with the short lease is another's after seconds, the other after a minute.
    @Test func aShortLeaseLapsesSoon() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let dead = workers(database, bench, gate), heir = workers(database, bench, gate)
            try await bench.jobs.enqueue(Self.quick, 1)
            try await bench.jobs.enqueue(Self.usual, 2)
            try await dead.round(isHousekeeping: true)
            bench.pass(.seconds(5))
            try await heir.round(isHousekeeping: true)
            #expect(heir.running.isEmpty)
            bench.pass(.seconds(2))
            try await heir.round(isHousekeeping: true)
            #expect(heir.running.values.map(\.job.name) == ["quick"])
            // Whoever was slow and not dead has lost it.
            let begun = dead.running.values.sorted { $0.job.name < $1.job.name }
            try await dead.renew()
            #expect(begun.map { $0.ending != nil } == [true, false])
            gate.open()
            await heir.idle()
            await dead.idle()
        }
    }

    /// What runs longer than its lease is renewed when a third of it is over, each in its own time.
    @Test func aShortLeaseIsRenewedAsLongAsItRuns() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let busy = workers(database, bench, gate), other = workers(database, bench, gate)
            try await bench.jobs.enqueue(Self.quick, 1)
            try await bench.jobs.enqueue(Self.usual, 2)
            try await busy.round(isHousekeeping: true)
            let now = EventLoop.monotonic()
            let due = { (seconds: Int) in
                busy.running.values.filter { $0.isToBeRenewed(at: now + Duration.seconds(seconds).nanoseconds) }.map(\.job.name).sorted()
            }
            #expect(due(1) == [] && due(3) == ["quick"] && due(21) == ["quick", "usual"])
            for _ in 0..<5 {
                bench.pass(.seconds(4))
                try await busy.renew()
                try await other.round(isHousekeeping: true)
            }
            #expect(other.running.isEmpty && busy.running.values.allSatisfy { $0.ending == nil })
            gate.open()
            await busy.idle()
            #expect(Set(try await bench.states()) == ["completed 1"])
        }
    }
}
