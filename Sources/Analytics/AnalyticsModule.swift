import Cache
import Files
import Identity
import Jobs
import Notifications
import Payments
import Postgres
import Print
import Service
import Telemetry
import Values

/// Figures of what the modules do: counted by day, kept, shown, and mailed.
package struct AnalyticsModule: Module {
    package let name = "analytics"
    let analytics: Analytics
    let reports: Reports
    private let trail: StaffTrail?

    /// - Parameters:
    ///   - figures: those of all modules.
    ///   - sections: what the products show on dashboards.
    ///   - kinds: of reports, those of the other modules.
    ///   - files: where reports are kept; they take `AnalyticsModule.reportFile`.
    ///   - trail: where changes by staff are written down.
    package init(
        database: Database, identity: IdentityModule, notifications: Notifications, figures: [Figure],
        sections: [DashboardSection], kinds: [ReportKind], files: Files, printer: Printer, jobs: Jobs, cache: Cache,
        trail: StaffTrail? = nil, log: Log, clock: Clock = .system
    ) {
        analytics = Analytics(
            database: database, identity: identity, notifications: notifications, revenue: RevenueFigures(database: database),
            figures: figures, sections: sections, cache: cache, log: log, clock: clock)
        reports = Reports(
            database: database, identity: identity, files: files, printer: printer, jobs: jobs, notifications: notifications,
            kinds: analytics.reports + kinds, clock: clock)
        self.trail = trail
    }

    /// What the files of reports are.
    package static let reportFile = Reports.purpose

    package var operations: [Operation] {
        AnalyticsOperations(analytics: analytics).all + ReportOperations(reports: reports, trail: trail).all
    }
    /// Revenue is read as it is, so that what changes it drops what is kept of it.
    package var eventHandlers: [EventHandler] {
        [
            EventHandler("analytics.revenue", on: ["payment.succeeded", "refund.succeeded"]) { [analytics] _ in
                try await analytics.forget()
            }
        ]
    }

    package var jobs: [JobType] { AnalyticsJobs.types(analytics) + ReportJobs.types(reports) }
    package var schedules: [Schedule] { AnalyticsJobs.schedules + ReportJobs.schedules }
    package var queues: [Queue] { AnalyticsJobs.queues }
    package static var statements: [StatementSample] { AnalyticsQueries.samples + ReportQueries.samples + PersonalQueries.samples }
}

extension AnalyticsModule: Warming {
    /// The two that many look at alike and that read the most.
    package var warmers: [CacheWarmer] {
        [
            CacheWarmer("analytics.executive") { [analytics] in _ = try await analytics.platform() },
            CacheWarmer("analytics.users") { [analytics] in _ = try await analytics.accounts() },
        ]
    }
}
