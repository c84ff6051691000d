import Analytics
import Cache
import Condominiums
import Content
import Files
import Identity
import Invoices
import Jobs
import Notifications
import Payments
import PlatformSettings
import Postgres
import QueueManagement
import Realtime
import Reviews
import Service
import Subscriptions
import Support
import Testing
import Tickets
import UrgentServices
import Webhooks

@testable import atrium

/// Every statement of the program is prepared against a migrated database, and its parameters and columns are compared
/// with the Swift types.
@Suite struct StatementTests {
    private static let modules: [(name: String, statements: [StatementSample])] = [
        ("service", Housekeeping.statements), ("cache", CacheModule.statements), ("identity", IdentityModule.statements),
        ("files", FilesModule.statements),
        ("notifications", NotificationsModule.statements), ("invoices", InvoicesModule.statements),
        ("payments", PaymentsModule.statements), ("tickets", TicketsModule.statements), ("reviews", ReviewsModule.statements),
        ("content", ContentModule.statements), ("subscriptions", SubscriptionsModule.statements),
        ("settings", PlatformSettingsModule.statements), ("webhooks", WebhooksModule.statements),
        ("backup", BackupQueries.samples), ("analytics", AnalyticsModule.statements),
        ("queues", QueueManagementModule.statements), ("condominiums", CondominiumsModule.statements),
        ("realtime", RealtimeModule.statements), ("urgent", UrgentServicesModule.statements),
    ]

    @Test func everyStatementFitsItsTypes() async throws {
        try await withDatabase(.migrated) { database in
            for (name, statements) in StatementTests.modules {
                #expect(!statements.isEmpty, "\(name) has no specimens")
                for mismatch in try await StatementCheck.verify(statements, on: database) {
                    Issue.record("\(name): \(mismatch)")
                }
            }
        }
    }
}
