import Jobs
import Postgres
import Service

/// What this module adds to the program.
package struct PaymentsModule: Module {
    package let name = "payments"
    package let payments: Payments
    let inbox: WebhookInbox
    let returns: ReturnAddresses
    let notifier: SandboxNotifier?

    var sandbox: SandboxProvider? { notifier?.provider }

    /// - Parameter notifier: of the sandbox, where there is one; never in production.
    package init(_ payments: Payments, returns: ReturnAddresses, notifier: SandboxNotifier? = nil) {
        self.payments = payments
        self.returns = returns
        self.notifier = notifier
        inbox = WebhookInbox(payments: payments, jobs: payments.followUp.jobs)
    }

    package var operations: [Operation] { PaymentOperations.all(self) }
    package var jobs: [JobType] { PaymentJobs.all(payments, inbox, notifier) }
    package var schedules: [Schedule] { PaymentJobs.schedules }

    package static var statements: [StatementSample] {
        PaymentQueries.samples + RefundQueries.samples + LedgerQueries.samples + WebhookQueries.samples
            + SandboxQueries.samples
    }
}
