import JSON
import Values

/// A job as it is about to be written.
struct NewJob: Sendable {
    let id: ID<Job>
    let name: String
    let queue: String
    let data: JSONText
    let priority: JobPriority
    let attempts: Int
    let backOff: Duration
    var delay: Duration = .zero
    var runAt: Instant?
    var dedupeKey: String?
    var scheduleKey: String?
    var traceID: String?

    init<Payload>(_ kind: JobKind<Payload>, _ payload: Payload, priority: JobPriority? = nil) {
        id = .new()
        name = kind.name
        queue = kind.queue
        data = JSONText(encoding: payload)
        self.priority = priority ?? kind.priority
        attempts = kind.attempts
        backOff = kind.backOff
    }
}
