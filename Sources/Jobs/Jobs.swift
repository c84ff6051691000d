import Postgres
import Telemetry
import Values

/// The door to the queues.
///
///     try await database.transaction { _ in
///         try await database.execute(…)
///         try await jobs.enqueue(Self.sendEmail, SendEmail(notificationID: id), dedupe: "mail:\(id)")
///     }
///
/// Called inside a transaction, the job exists if and only if that transaction is committed, and workers are woken by the
/// commit.
package struct Jobs: Sendable {
    /// The channel on which queues with new work are named.
    static let channel = "atrium_jobs"

    private let database: Database
    private let clock: JobClock

    package init(database: Database, clock: JobClock = .database) {
        self.database = database
        self.clock = clock
    }

    /// Adds a job that is due now, or after `delay`.
    ///
    /// - Parameters:
    ///   - dedupe: while an unfinished job of the queue has this key, no other is added.
    ///   - trace: the trace that the job belongs to.
    /// - Returns: the job's id, or nothing when one with this key is there already.
    @discardableResult
    package func enqueue<Payload>(
        _ kind: JobKind<Payload>, _ payload: Payload, after delay: Duration = .zero, dedupe: String? = nil,
        priority: JobPriority? = nil, trace: TraceContext? = nil
    ) async throws -> ID<Job>? {
        var job = NewJob(kind, payload, priority: priority)
        job.delay = delay
        job.dedupeKey = dedupe
        job.traceID = trace?.traceID
        return try await add(job)
    }

    /// Adds a job that is due at an instant.
    @discardableResult
    package func enqueue<Payload>(
        _ kind: JobKind<Payload>, _ payload: Payload, at instant: Instant, dedupe: String? = nil,
        priority: JobPriority? = nil, trace: TraceContext? = nil
    ) async throws -> ID<Job>? {
        var job = NewJob(kind, payload, priority: priority)
        job.runAt = instant
        job.dedupeKey = dedupe
        job.traceID = trace?.traceID
        return try await add(job)
    }

    func add(_ job: NewJob) async throws -> ID<Job>? {
        try await database.first(JobQueries.add(job, now: clock.now))?.id
    }
}
