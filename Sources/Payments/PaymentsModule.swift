import Identity
import Invoices
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
    let trail: MoneyTrail?

    var sandbox: SandboxProvider? { notifier?.provider }

    /// - Parameters:
    ///   - notifier: of the sandbox, where there is one; never in production.
    ///   - trail: where changes by staff are written down.
    package init(
        _ payments: Payments, returns: ReturnAddresses, notifier: SandboxNotifier? = nil, trail: MoneyTrail? = nil
    ) {
        self.payments = payments
        self.trail = trail
        self.returns = returns
        self.notifier = notifier
        inbox = WebhookInbox(payments: payments, jobs: payments.followUp.jobs)
    }

    /// The provider has been asked, so this stands beside the change and not in its transaction.
    func recordCancellation(of payment: Payment, by call: Call) async {
        let change = AuditChange("status", AuditValue(payment.state.status), AuditValue(PaymentStatus.cancelled))
        await trail?.record(
            "payment_cancelled", "payment", payment.id.uuid, product: payment.product, in: payment.scope,
            changes: [change], by: call)
    }

    package var operations: [Operation] { PaymentOperations.all(self) }
    package var jobs: [JobType] { PaymentJobs.all(payments, inbox, notifier) }
    package var schedules: [Schedule] { PaymentJobs.schedules }
    package var queues: [Queue] { PaymentJobs.queues }

    package static var statements: [StatementSample] {
        PaymentQueries.samples + RefundQueries.samples + LedgerQueries.samples + WebhookQueries.samples
            + SandboxQueries.samples
    }
}
