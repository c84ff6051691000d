import JSON
import Jobs
import Values

/// The jobs by which people are told.
enum NoticeJobs {
    /// Apart from the board's clock, which thousands of notices are not to hold up.
    static let queue = Queue("urgent-notices", concurrency: 4)

    static let notifyExecutors = JobKind<Empty>("urgent.notify-executors", queue: queue.name, priority: .high)
    static let sendDigest = JobKind<SendDigest>("urgent.digest", queue: queue.name)
    static let remindClient = JobKind<RemindClient>("urgent.respond-reminder", queue: queue.name, priority: .high)

    static func all(_ digests: Digests, _ news: BoardNews) -> [JobType] {
        [
            JobType(notifyExecutors) { _, _ in try await digests.run() },
            JobType(sendDigest) { job, _ in try await digests.send(job) },
            JobType(remindClient) { job, _ in
                if let order = OrderID(job.order) { try await news.remind(order) }
            },
        ]
    }

    /// Besides whenever an order is made.
    static let schedules = [Schedule("urgent.notify-executors", notifyExecutors, Empty(), .every(.seconds(15)))]
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

struct RemindClient: Shaped {
    let order: String

    static let shape = Shape<RemindClient>("UrgentRemindClient", Self.init, Field("order", { $0.order }))
}
