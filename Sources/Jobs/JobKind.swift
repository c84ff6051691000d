import JSON

/// What may be enqueued: a name, a queue and the shape of the data. Whoever enqueues needs no more; who carries the job out
/// is said once, by a `JobType`.
///
///     static let sendEmail = JobKind<SendEmail>("send-email", queue: "notifications")
package struct JobKind<Payload: JSONWritable & JSONReadable & Sendable>: Sendable {
    package typealias Handler = nonisolated(nonsending) @Sendable (Payload, JobContext) async throws -> Void
    package typealias GivenUp = nonisolated(nonsending) @Sendable (Payload, _ reason: String) async throws -> Void

    package let name: String
    package let queue: String
    package let priority: JobPriority
    /// Tries in all before the job is failed; nil for what the job's priority says.
    package let attempts: Int?
    /// The wait before the second try; it doubles with each further one. Nil for what the job's priority says.
    package let backOff: Duration?
    /// A handler that takes longer is cancelled, and the attempt has failed.
    package let timeLimit: Duration
    /// How long after the end of its process another one takes a job up. It is renewed three times as often while it runs, so
    /// that a short one costs a statement each time.
    package let lease: Duration

    package init(
        _ name: String, queue: String, priority: JobPriority = .normal, attempts: Int? = nil, backOff: Duration? = nil,
        timeLimit: Duration = .seconds(300), lease: Duration = JobType.lease
    ) {
        precondition(lease >= .seconds(3) && lease <= JobType.lease, "\(name) is leased too shortly or too long")
        self.name = name
        self.queue = queue
        self.priority = priority
        self.attempts = attempts
        self.backOff = backOff
        self.timeLimit = timeLimit
        self.lease = lease
    }
}
