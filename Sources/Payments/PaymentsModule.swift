import Identity
import Invoices
import Jobs
import Notifications
import Postgres
import Print
import Service

/// What this module adds to the program.
package struct PaymentsModule: Module {
    package let name = "payments"
    package let payments: Payments
    package let payouts: Payouts
    package let inbox: WebhookInbox
    /// Where payers may be sent.
    package let returns: ReturnAddresses
    /// Where updates of bots come that have to do with payments; nil while no bot is set up.
    package let stars: StarsDesk?
    let notifier: SandboxNotifier?
    let trail: MoneyTrail?
    private let printer: Printer?
    private let notices: StaffNotices?
    let letters: PaymentLetters?
    /// From where short messages of scopes are paid; nil where nobody pays for them.
    let credits: CreditWallets?
    private let payoutLetters: PayoutLetters?

    /// Those whose keys operators set.
    package var providers: PaymentProviders { payments.providers }

    var sandbox: SandboxProvider? { notifier?.provider }

    /// - Parameters:
    ///   - notifier: of the sandbox, where there is one; never in production.
    ///   - trail: where changes by staff are written down.
    ///   - printer: of receipts; nil where there are none on paper.
    ///   - notifications: by which payers, payees and staff hear of what concerns them; nil where nobody is told.
    ///   - payees: who looks after the money of a payee.
    ///   - credits: from where short messages of scopes are paid.
    package init(
        _ payments: Payments, payouts: Payouts, returns: ReturnAddresses, notifier: SandboxNotifier? = nil,
        trail: MoneyTrail? = nil, printer: Printer? = nil, notifications: Notifications? = nil,
        payees: @escaping PayoutPeople = { _ in [] }, credits: CreditWallets? = nil
    ) {
        self.printer = printer
        self.credits = credits
        notices = notifications.map { StaffNotices(database: payments.database, notifications: $0) }
        letters = notifications.map { PaymentLetters(payments: payments, notifications: $0) }
        payoutLetters = notifications.map { PayoutLetters(payouts: payouts, notifications: $0, people: payees) }
        self.payments = payments
        self.payouts = payouts
        self.trail = trail
        self.returns = returns
        self.notifier = notifier
        let inbox = WebhookInbox(payments: payments, jobs: payments.followUp.jobs)
        self.inbox = inbox
        stars = payments.providers.stars.map {
            StarsDesk(provider: $0, inbox: inbox, clock: payments.clock, log: payments.followUp.log)
        }
    }

    /// The provider has been asked, so this stands beside the change and not in its transaction.
    func recordCancellation(of payment: Payment, by call: Call) async {
        let change = AuditChange("status", AuditValue(payment.state.status), AuditValue(PaymentStatus.cancelled))
        await trail?.record(
            "payment_cancelled", "payment", payment.id.uuid, product: payment.product, in: payment.scope,
            changes: [change], by: call)
    }

    /// Who takes a file is told in the trail before its first row.
    func recordExport(of type: String, rows: Int, by call: Call) async {
        await trail?.record(
            "\(type)s_exported", type, nil, product: "payments", in: .platform, details: [("rows", .number(Int64(rows)))],
            by: call)
    }

    func recordCapture(of payment: Payment, by call: Call) async {
        await trail?.record(
            "payment_captured", "payment", payment.id.uuid, product: payment.product, in: payment.scope,
            details: .amount(payment.received), by: call)
    }

    package var operations: [Operation] {
        PaymentOperations.all(self) + PayoutOperations.all(self)
            + (printer.map { ReceiptOperations(payments: payments, printer: $0).all } ?? [])
    }
    package var jobs: [JobType] { PaymentJobs.all(payments, payouts, inbox, notifier) + (letters?.jobs ?? []) }
    package var schedules: [Schedule] { PaymentJobs.schedules + PaymentJobs.runs(payouts.kinds) }
    package var queues: [Queue] { PaymentJobs.queues }
    package var eventHandlers: [EventHandler] { [notices?.handler, letters?.handler, payoutLetters?.handler].compactMap { $0 } }
    package var reports: [ReportKind] {
        [
            ReportKind("payments", title: "Payments", product: "payments", permission: .paymentsRead) { [payments] days, caller in
                var filter = PaymentFilter.none
                (filter.from, filter.to) = (days.from, days.to)
                let selection = PaymentSelection(sight: try PaymentReportOperations.sight(caller, payments), filter: filter)
                let rows = try await payments.database.one(PaymentQueries.counted(selection, upTo: ExportLimit.counted))
                let export = try Export<Payment>(rows: rows) { last, limit in
                    try await payments.database.all(PaymentQueries.exported(selection, after: last, limit: limit)).map(\.payment)
                }
                return ReportTable(export, columns: PaymentReportOperations.columns)
            }
        ]
    }
    package var sections: [DashboardSection] { [PurseSection.section(payments.database)] }
    package var figures: [Figure] { RevenueFigures(database: payments.database).all }

    package static var statements: [StatementSample] {
        PaymentQueries.samples + RefundQueries.samples + LedgerQueries.samples + MethodQueries.samples + ReconciliationQueries.samples + PayoutQueries.samples + TransactionQueries.samples + WebhookQueries.samples
            + StarsQueries.samples + ReceiptQueries.samples + SandboxQueries.samples + RevenueQueries.samples
            + PersonalQueries.samples + StaffNotices.samples
    }
}
