import JSON
import Jobs
import Values

/// The jobs by which people are told.
enum NoticeJobs {
    /// Apart from the board's clock, which thousands of notices are not to hold up.
    static let queue = Queue("urgent-notices", concurrency: 4)

    static let notifyExecutors = JobKind<Empty>("urgent.notify-executors", queue: queue.name, priority: .high)
    static let sendDigest = JobKind<SendDigest>("urgent.digest", queue: queue.name)
    static let sendLetters = JobKind<SendLetters>("urgent.letters", queue: queue.name, priority: .high)
    static let remindClients = JobKind<Empty>("urgent.respond-reminder", queue: queue.name, priority: .high)

    static func all(_ digests: Digests, _ news: BoardNews) -> [JobType] {
        [
            JobType(notifyExecutors) { _, _ in try await digests.run() },
            JobType(sendDigest) { job, _ in try await digests.send(job) },
            JobType(sendLetters) { job, _ in try await news.send(job) },
            JobType(remindClients) { _, _ in try await news.remind() },
        ]
    }

    /// Besides whenever an order is made.
    static let schedules = [
        Schedule("urgent.notify-executors", notifyExecutors, Empty(), .every(.seconds(15))),
        Schedule("urgent.respond-reminder", remindClients, Empty(), .every(.seconds(15))),
    ]
}

struct SendDigest: Shaped {
    let user: Int
    /// When he was claimed: one claim is one notice.
    let at: Instant
    /// When he was told last before that.
    let before: Instant?

    static let shape = Shape<SendDigest>(
        "UrgentSendDigest", Self.init, Field("user", { $0.user }), Field("at", { $0.at }), Field("before", { $0.before }))
}
