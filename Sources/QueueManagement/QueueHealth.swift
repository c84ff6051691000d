import JSON
import Jobs
import Service
import Values

/// How a queue is (0-platform, 4.11 (7)).
struct QueueHealth: WireOutput {
    enum Status: String, WireEnum, Comparable {
        case healthy, warning, critical

        static func < (left: Status, right: Status) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .healthy: 0
            case .warning: 1
            case .critical: 2
            }
        }
    }

    private static let longestBacklog = 1_000
    private static let mostFailures = 100
    private static let fewestFinished = 10

    let stats: QueueStats
    let status: Status
    let message: String
    /// Failures among what ended within the hour, from 0 to 1.
    let failureRate: Double
    let oldestWaitingSeconds: Int?

    var queue: String { stats.queue }

    init(_ signs: QueueSigns) {
        stats = signs.stats
        oldestWaitingSeconds = signs.oldestWaitingSeconds
        failureRate = signs.finished == 0 ? 0 : Double(signs.failed) / Double(signs.finished)
        if signs.finished >= Self.fewestFinished, signs.failed * 10 > signs.finished {
            (status, message) = (.critical, "\(signs.failed) of the \(signs.finished) jobs of the last hour failed.")
        } else if signs.stats.failed > Self.mostFailures {
            (status, message) = (.critical, "\(signs.stats.failed) failed jobs are waiting to be looked at.")
        } else if signs.stats.waiting > Self.longestBacklog {
            (status, message) = (.warning, "\(signs.stats.waiting) jobs are waiting.")
        } else {
            (status, message) = (.healthy, signs.stats.isPaused ? "Paused." : "All is well.")
        }
    }

    static let shape = Shape<Self>(
        output: "QueueHealth",
        Field("queue", { $0.queue }), Field("status", { $0.status }), Field("message", { $0.message }),
        Field("stats", { QueueStatsView(stats: $0.stats) }),
        Field("backlog", { $0.stats.waiting + $0.stats.delayed }, doc: "Jobs that wait, now or for their time."),
        Field("failureRate", { $0.failureRate }, doc: "Failures among what ended within the hour, from 0 to 1."),
        Field("oldestWaitingSeconds", { $0.oldestWaitingSeconds }))
}

/// How all queues are; the worst of them gives the whole its status.
struct QueuesHealth: WireOutput {
    let checkedAt: Instant
    let queues: [QueueHealth]

    static let shape = Shape<Self>(
        output: "QueuesHealth",
        Field("overall", { $0.queues.map(\.status).max() ?? .healthy }), Field("checkedAt", { $0.checkedAt }),
        Field("queues", { $0.queues }))
}
