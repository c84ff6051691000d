import JSON
import Jobs
import Postgres
import Service
import Values

/// The jobs of this module: shallow, they call the door.
enum PaymentJobs {
    static let queues = [Queue("payments", concurrency: 3, keep: .money), Queue("webhooks", concurrency: 5)]

    static let processRefund = JobKind<RefundJob>("process-refund", queue: "payments")
    static let settleWebhook = JobKind<WebhookJob>("settle-webhook", queue: "webhooks")
    static let process = JobKind<PaymentJob>("process-payment", queue: "payments", priority: .high)
    static let checkPayments = JobKind<Empty>("payment-checks", queue: "payments", priority: .high)
    static let check = JobKind<PaymentCheckJob>("verify-payment-status", queue: "payments", priority: .high)
    static let resumeRefunds = JobKind<Empty>("resume-refunds", queue: "payments")
    static let pollRefunds = JobKind<Empty>("refund-poll", queue: "payments")
    static let tellSandbox = JobKind<SandboxEvent>("sandbox-webhook", queue: "payments")

    static let processPayout = JobKind<PayoutJob>("process-payout", queue: "payments", priority: .high)
    static let resumePayouts = JobKind<Empty>("resume-payouts", queue: "payments")
    static let runPayouts = JobKind<PayoutRun>("payout-run", queue: "payments", timeLimit: .seconds(1800))
    static let detachMethod = JobKind<MethodJob>("detach-method", queue: "payments")
    static let reconcile = JobKind<Empty>("reconcile", queue: "payments", timeLimit: .seconds(1800))
    static let clean = JobKind<Empty>("payments-cleanup", queue: "payments", timeLimit: .seconds(1800))
    static let auditLedger = JobKind<Empty>("ledger-audit", queue: "payments", timeLimit: .seconds(1800))

    static let schedules = [
        Schedule("payment-checks", checkPayments, Empty(), .every(.seconds(30))),
        Schedule("refund-resumption", resumeRefunds, Empty(), .every(.seconds(300))),
        Schedule("payout-resumption", resumePayouts, Empty(), .every(.seconds(300))),
        Schedule("refund-poll", pollRefunds, Empty(), .every(.seconds(600))),
        Schedule("reconcile", reconcile, Empty(), .cron("0 4 * * *")),
        Schedule("payments-cleanup", clean, Empty(), .cron("30 3 * * *")),
        Schedule("ledger-audit", auditLedger, Empty(), .cron("0 4 * * *")),
    ]

    /// Each kind of payee in its own market's time.
    static func runs(_ kinds: [PayeeKind]) -> [Schedule] {
        kinds.map { kind in
            Schedule(
                "payout-run.\(kind.type)", runPayouts, PayoutRun(payeeType: kind.type.name),
                .cron(kind.schedule, zone: kind.zone))
        }
    }

    static func all(
        _ payments: Payments, _ payouts: Payouts, _ inbox: WebhookInbox, _ notifier: SandboxNotifier?
    ) -> [JobType] {
        let tellers = notifier.map { notifier in
            [JobType(tellSandbox) { event, _ in try await notifier.tell(event) }]
        }
        return [
            JobType(processPayout) { job, _ in try await payouts.carryOut(job.payoutID) },
            JobType(resumePayouts) { _, _ in try await payouts.resume() },
            JobType(runPayouts) { job, _ in try await payouts.run(ScopeType(job.payeeType)) },
            JobType(processRefund) { job, _ in try await payments.process(job.refundID) },
            JobType(settleWebhook) { job, _ in try await inbox.carryOut(job.eventID) },
            JobType(resumeRefunds) { _, _ in try await payments.resumeRefunds() },
            JobType(pollRefunds) { _, _ in try await payments.pollRefunds() },
            JobType(detachMethod) { job, _ in try await payments.detach(job.methodID) },
            JobType(reconcile) { _, _ in try await payments.reconcile() },
            JobType(clean) { _, _ in try await inbox.clean() },
            JobType(auditLedger) { _, _ in try await payments.auditLedger() },
            JobType(process) { job, _ in try await payments.settle(job.paymentID) },
            JobType(checkPayments) { _, _ in try await payments.checkAll() },
            JobType(check) { job, _ in try await payments.check(job) },
        ] + (tellers ?? [])
    }
}

struct PaymentJob: Shaped {
    let paymentID: ID<Payment>

    static let shape = Shape<PaymentJob>("PaymentJob", Self.init, Field("paymentId", { $0.paymentID }))
}

/// Which of the checks of an open payment is to be made.
struct PaymentCheckJob: Shaped, Row {
    let paymentID: ID<Payment>
    /// How often its provider was asked before.
    let check: Int

    static let shape = Shape<PaymentCheckJob>(
        "PaymentCheckJob", Self.init, Field("paymentId", { $0.paymentID }), Field("check", { $0.check }))

    init(paymentID: ID<Payment>, check: Int) {
        self.paymentID = paymentID
        self.check = check
    }

    init(_ row: inout RowReader) throws {
        paymentID = try row.next()
        check = try row.next()
    }
}

struct RefundJob: Shaped {
    let refundID: ID<Refund>

    static let shape = Shape<RefundJob>("RefundJob", Self.init, Field("refundId", { $0.refundID }))
}

struct PayoutJob: Shaped {
    let payoutID: ID<Payout>

    static let shape = Shape<PayoutJob>("PayoutJob", Self.init, Field("payoutId", { $0.payoutID }))
}

struct MethodJob: Shaped {
    let methodID: ID<SavedMethod>

    static let shape = Shape<MethodJob>("MethodJob", Self.init, Field("methodId", { $0.methodID }))
}

struct PayoutRun: Shaped {
    let payeeType: String

    static let shape = Shape<PayoutRun>("PayoutRun", Self.init, Field("payeeType", { $0.payeeType }))
}

struct WebhookJob: Shaped {
    let eventID: ID<WebhookEvent>

    static let shape = Shape<WebhookJob>("WebhookJob", Self.init, Field("eventId", { $0.eventID }))
}
