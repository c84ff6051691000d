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
    /// The channel on which jobs that are to end are named.
    static let cancellations = "atrium_jobs_cancelled"

    let database: Database
    let clock: JobClock
    let normalAttempts: Int

    /// - Parameter attempts: tries of jobs of normal priority whose kind does not say.
    package init(database: Database, clock: JobClock = .database, attempts: Int = JobPriority.normalAttempts) {
        self.database = database
        self.clock = clock
        normalAttempts = attempts
    }

    /// Adds a job that is due now, or after `delay`.
    ///
    /// - Parameters:
    ///   - dedupe: while an unfinished job of the queue has this key, no other is added.
    ///   - fairness: whose job it is, at most 100 characters: in a queue that takes turns, each of them has his.
    ///   - trace: the trace that the job belongs to.
    /// - Returns: the job's id, or nothing when one with this key is there already.
    @discardableResult
    package func enqueue<Payload>(
        _ kind: JobKind<Payload>, _ payload: Payload, after delay: Duration = .zero, dedupe: String? = nil,
        fairness: String = "", priority: JobPriority? = nil, trace: TraceContext? = nil
    ) async throws -> ID<Job>? {
        var job = NewJob(kind, payload, priority: priority, attempts: normalAttempts)
        job.delay = delay
        job.dedupeKey = dedupe
        job.fairnessKey = fairness
        job.traceID = trace?.traceID
        return try await add(job)
    }

    /// Adds a job that is due at an instant.
    @discardableResult
    package func enqueue<Payload>(
        _ kind: JobKind<Payload>, _ payload: Payload, at instant: Instant, dedupe: String? = nil,
        fairness: String = "", priority: JobPriority? = nil, trace: TraceContext? = nil
    ) async throws -> ID<Job>? {
        var job = NewJob(kind, payload, priority: priority, attempts: normalAttempts)
        job.runAt = instant
        job.dedupeKey = dedupe
        job.fairnessKey = fairness
        job.traceID = trace?.traceID
        return try await add(job)
    }

    /// Takes a job back. One that has not begun is gone; of one under way the handler's task is cancelled, and it fails
    /// without a further try.
    ///
    /// - Returns: false when it is finished or not there.
    @discardableResult
    package func cancel(_ id: ID<Job>) async throws -> Bool {
        let (removed, ending) = try await database.write(JobQueries.withdraw(id), JobQueries.endSoon(id))
        return removed > 0 || !ending.isEmpty
    }

    /// Takes back the unfinished job of a kind that has this key, as `cancel` of its id does.
    @discardableResult
    package func cancel<Payload>(_ kind: JobKind<Payload>, dedupe: String) async throws -> Bool {
        guard let id = try await database.first(JobQueries.unfinished(kind.queue, dedupe: dedupe)) else { return false }
        return try await cancel(id)
    }

    func add(_ job: NewJob) async throws -> ID<Job>? {
        try await database.first(JobQueries.add(job, now: clock.now))?.id
    }
}
