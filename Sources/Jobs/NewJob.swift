import JSON
import Values

/// A job as it is about to be written.
struct NewJob: Sendable {
    let id: ID<Job>
    let name: String
    let queue: String
    let data: JSONText
    let priority: JobPriority
    /// Tries in all.
    let attempts: Int
    let backOff: Duration
    var delay: Duration = .zero
    var runAt: Instant?
    var dedupeKey: String?
    /// Whose it is, in a queue that takes turns.
    var fairnessKey = ""
    var scheduleKey: String?
    var traceID: String?

    /// - Parameter attempts: tries of a job of normal priority whose kind does not say.
    init<Payload>(
        _ kind: JobKind<Payload>, _ payload: Payload, priority: JobPriority? = nil,
        attempts: Int = JobPriority.normalAttempts
    ) {
        id = .new()
        name = kind.name
        queue = kind.queue
        data = JSONText(encoding: payload)
        let priority = priority ?? kind.priority
        self.priority = priority
        self.attempts = kind.attempts ?? priority.attempts(normal: attempts)
        backOff = kind.backOff ?? priority.backOff
    }
}
