import Bots
import Jobs
import Notifications
import Payments
import Service
import Telemetry
import Values

/// The shared modules that the board lives with.
package struct UrgentPartners: Sendable {
    let payments: Payments
    let inbox: WebhookInbox
    let notifications: Notifications
    let bots: Bots
    let jobs: Jobs
    let metrics: MetricRegistry
    let clock: Clock

    package init(
        payments: PaymentsModule, notifications: Notifications, bots: Bots, jobs: Jobs, metrics: MetricRegistry,
        clock: Clock = .system
    ) {
        self.payments = payments.payments
        inbox = payments.inbox
        self.notifications = notifications
        self.bots = bots
        self.jobs = jobs
        self.metrics = metrics
        self.clock = clock
    }
}
