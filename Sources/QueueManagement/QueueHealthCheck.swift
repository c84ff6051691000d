import Identity
import JSON
import Jobs
import Notifications
import Postgres
import Service
import Values

/// Judges every queue every five minutes; who may manage them is told once of every change (0-platform, 4.11 (7)).
struct QueueHealthCheck: Sendable {
    let desk: QueueDesk
    let grants: Grants
    let notifications: Notifications
    let serverURL: String

    static let kind = JobKind<Empty>("queue-health", queue: "maintenance", priority: .high)
    static let schedule = Schedule("queue-health", kind, Empty(), .every(.seconds(300)))

    /// What is written down and what is sent are one transaction: a change is neither told twice nor forgotten.
    func run() async throws {
        try await desk.database.transaction { _ in
            let health = try await desk.health()
            let before = try await desk.queues.record(
                health: health.queues.map { ($0.queue, $0.status.rawValue, $0.message) })
            let changed = health.queues.filter { $0.status.rawValue != before[$0.queue] ?? QueueHealth.Status.healthy.rawValue }
            if changed.isEmpty { return }
            let holders = try await grants.holders(of: "queues:manage")
            for holder in try await notifications.people(holders.map(\.id)) {
                for queue in changed {
                    try await notifications.send(
                        notice(of: queue, at: health.checkedAt, to: holder), to: .user(holder.userID, email: holder.email))
                }
            }
        }
    }

    private func notice(of changed: QueueHealth, at instant: Instant, to holder: Contact) -> Notice {
        let page = "\(serverURL)/admin/queues"
        return Notice(
            template: .queueAlert, in: holder.locale,
            ["queue": changed.queue, "status": changed.status.rawValue, "message": changed.message, "page": page],
            priority: .high, actionURL: page,
            dedupeKey: "queue_alert:\(changed.queue):\(instant):\(holder.userID)")
    }
}
