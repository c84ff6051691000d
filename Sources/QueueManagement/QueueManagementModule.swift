import Identity
import Jobs
import Notifications
import Postgres
import Service
import Values

/// Looking after the queues: operations, the page `/admin/queues`, and the check of their health.
package final class QueueManagementModule: Module {
    package let name = "queues"
    private let desk: QueueDesk
    private let book: RoleBook
    private let check: QueueHealthCheck
    private let streams: QueueStreams
    private let hasPage: Bool

    /// - Parameters:
    ///   - serverURL: where the page is reached, for the links in mails.
    ///   - hasPage: QUEUE_ENABLE_DASHBOARD.
    ///   - isDraining: whether the process is about to stop; streams end then.
    package init(
        database: Database, identity: IdentityModule, notifications: Notifications, serverURL: String, hasPage: Bool,
        clock: JobClock = .database, isDraining: @escaping @Sendable () -> Bool
    ) {
        let queues = Queues(database: database, clock: clock)
        desk = QueueDesk(database: database, queues: queues, audit: identity.audit)
        book = identity.book
        check = QueueHealthCheck(
            desk: desk, grants: identity.grants, notifications: notifications, serverURL: serverURL)
        streams = QueueStreams(queues: queues, isDraining: isDraining)
        self.hasPage = hasPage
    }

    package var operations: [Operation] {
        QueueOperations(desk: desk, book: book, streams: streams).all + (hasPage ? QueuePage.operations : [])
    }

    package var jobs: [JobType] {
        [JobType(QueueHealthCheck.kind) { [check] _, _ in try await check.run() }]
    }

    package var schedules: [Schedule] { [QueueHealthCheck.schedule] }

    /// All of its SQL is the job system's own.
    package static var statements: [StatementSample] { JobStatements.samples }
}
