import JSON
import Jobs
import Values

/// Which attempt of which delivery.
struct DeliverWebhook: Shaped {
    let deliveryID: ID<Delivery>
    let attempt: Int

    static let shape = Shape(
        "DeliverWebhook", Self.init, Field("deliveryId", { $0.deliveryID }), Field("attempt", { $0.attempt }))
}

enum WebhookJobs {
    /// In the queue that webhooks of providers have, too. What an endpoint refuses has a schedule of its own; the job fails only with the database.
    static let deliver = JobKind<DeliverWebhook>("deliver-webhook", queue: "webhooks", timeLimit: .seconds(60))
    static let purge = JobKind<Empty>("webhooks-purge", queue: "maintenance", priority: .low)

    static func types(_ deliveries: Deliveries) -> [JobType] {
        [
            JobType(deliver) { work, _ in try await deliveries.deliver(work) },
            JobType(purge) { _, _ in try await deliveries.purge() },
        ]
    }

    static let schedules = [Schedule("webhooks-purge", purge, Empty(), .cron("40 3 * * *"))]
}
