import JSON
import Postgres
import Runtime
import Support
import Synchronization
import Telemetry
import Testing
import Values

@testable import Jobs

/// Jobs, a clock that stands where it is put, and workers without timers, in a database of the test's own.
final class Bench: Sendable {
    static let start = Instant("2026-11-21T10:00:00.000Z")!
    static let kind = JobKind<Int>("count", queue: "counting", attempts: 3, backOff: .seconds(10))

    let database: Database
    let jobs: Jobs
    let clock: JobClock
    private let time: TestTime

    init(_ database: Database) {
        self.database = database
        let time = TestTime(Self.start)
        self.time = time
        clock = .injected(Clock { time.now })
        jobs = Jobs(database: database, clock: clock)
    }

    var now: Instant { time.now }

    func pass(_ duration: Duration) { time.pass(duration) }

    /// Workers of the queue that do `body` with each number.
    func workers(
        concurrency: Int = 5, rate: QueueRate? = nil, takesTurns: Bool = false, on loop: EventLoop? = nil,
        schedules: [Schedule] = [],
        _ body: @escaping JobKind<Int>.Handler = { _, _ in }
    ) -> JobWorkers {
        JobWorkers(
            [JobType(Self.kind, body)], schedules: schedules,
            queues: [Queue("counting", concurrency: concurrency, rate: rate, takesTurns: takesTurns)], database: database,
            loops: [loop ?? TestLoops.group.loops[0]], clock: clock, log: .silent)
    }

    /// The state of every job, oldest first, as "state attempts".
    func states() async throws -> [String] {
        try await database.all(
            Statement<String>("select state || ' ' || attempts_made from jobs.jobs order by id"))
    }

    func text(_ sql: SQL) async throws -> String? { try await database.first(Statement<String>(sql)) }
}

/// An instant that the test moves.
final class TestTime: Sendable {
    private let instant: Mutex<Instant>

    init(_ instant: Instant) { self.instant = Mutex(instant) }

    var now: Instant { instant.withLock { $0 } }

    func pass(_ duration: Duration) { instant.withLock { $0 += duration } }
}

/// Collects what handlers saw.
final class Seen<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) { elements.withLock { $0.append(element) } }
}

extension JobWorkers {
    /// One housekeeping round, until everything it began has ended.
    func workOff() async throws {
        try await round(isHousekeeping: true)
        await idle()
    }
}
