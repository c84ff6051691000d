import Cache
import Identity
import Jobs
import Notifications
import Payments
import Postgres
import Service
import Telemetry
import Values

/// Figures of what the modules do: counted by day, kept, shown, and mailed.
package struct AnalyticsModule: Module {
    package let name = "analytics"
    let analytics: Analytics

    /// - Parameters:
    ///   - figures: those of all modules.
    ///   - sections: what the products show on dashboards.
    package init(
        database: Database, identity: IdentityModule, notifications: Notifications, figures: [Figure],
        sections: [DashboardSection], cache: Cache, log: Log, clock: Clock = .system
    ) {
        analytics = Analytics(
            database: database, identity: identity, notifications: notifications, revenue: RevenueFigures(database: database),
            figures: figures, sections: sections, cache: cache, log: log, clock: clock)
    }

    package var operations: [Operation] { AnalyticsOperations(analytics: analytics).all }
    /// Revenue is read as it is, so that what changes it drops what is kept of it.
    package var eventHandlers: [EventHandler] {
        [
            EventHandler("analytics.revenue", on: ["payment.succeeded", "refund.succeeded"]) { [analytics] _ in
                try await analytics.forget()
            }
        ]
    }

    package var jobs: [JobType] { AnalyticsJobs.types(analytics) }
    package var schedules: [Schedule] { AnalyticsJobs.schedules }
    package var queues: [Queue] { AnalyticsJobs.queues }
    package static var statements: [StatementSample] { AnalyticsQueries.samples }
}
