import JSON
import Jobs
import Values

/// The jobs of this module: shallow, they call the door.
enum PaymentJobs {
    static let queues = [Queue("payments", concurrency: 3, keep: .money), Queue("webhooks", concurrency: 5)]

    static let processRefund = JobKind<RefundJob>("process-refund", queue: "payments")
    static let settleWebhook = JobKind<WebhookJob>("settle-webhook", queue: "webhooks")
    static let checkPayments = JobKind<Empty>("verify-payment-status", queue: "payments")
    static let resumeRefunds = JobKind<Empty>("resume-refunds", queue: "payments")
    static let tellSandbox = JobKind<SandboxEvent>("sandbox-webhook", queue: "payments")

    static let auditLedger = JobKind<Empty>("ledger-audit", queue: "payments", timeLimit: .seconds(1800))

    static let schedules = [
        Schedule("payment-checks", checkPayments, Empty(), .every(.seconds(30))),
        Schedule("refund-resumption", resumeRefunds, Empty(), .every(.seconds(300))),
        Schedule("ledger-audit", auditLedger, Empty(), .cron("0 4 * * *")),
    ]

    static func all(_ payments: Payments, _ inbox: WebhookInbox, _ notifier: SandboxNotifier?) -> [JobType] {
        let tellers = notifier.map { notifier in
            [JobType(tellSandbox) { event, _ in try await notifier.tell(event) }]
        }
        return [
            JobType(processRefund) { job, _ in try await payments.process(job.refundID) },
            JobType(settleWebhook) { job, _ in try await inbox.carryOut(job.eventID) },
            JobType(resumeRefunds) { _, _ in try await payments.resumeRefunds() },
            JobType(auditLedger) { _, _ in try await payments.auditLedger() },
            JobType(checkPayments) { _, _ in try await payments.check() },
        ] + (tellers ?? [])
    }
}

struct RefundJob: Shaped {
    let refundID: ID<Refund>

    static let shape = Shape<RefundJob>("RefundJob", Self.init, Field("refundId", { $0.refundID }))
}

struct WebhookJob: Shaped {
    let eventID: ID<WebhookEvent>

    static let shape = Shape<WebhookJob>("WebhookJob", Self.init, Field("eventId", { $0.eventID }))
}
