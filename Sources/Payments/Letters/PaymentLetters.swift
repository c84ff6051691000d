import JSON
import Jobs
import Notifications
import Postgres
import Service
import Values

/// Tells payers what has become of their money: in their own lists and by mail, guests by mail. Each thing once, however often its
/// event or job comes.
struct PaymentLetters: Sendable {
    let payments: Payments
    let notifications: Notifications

    private static let succeeded = "payment.succeeded"
    private static let abandoned = "payment.expired"
    /// After this somebody who has begun to pay and not gone on is reminded.
    private static let patience = Duration.days(1)

    // MARK: What is heard

    var handler: EventHandler {
        EventHandler(
            "payments.letters",
            on: [
                Self.succeeded, "payment.failed", Self.abandoned, "refund.succeeded", RefundDecision.approved.event,
                RefundDecision.rejected.event, RefundDecision.questioned.event,
            ]
        ) { event in
            guard let id = event.objectID else { return }
            if event.objectType == "refund" { return try await tell(event.name, ofRefund: ID(id)) }
            try await hear(event.name, of: ID(id))
        }
    }

    private func hear(_ event: String, of id: ID<Payment>) async throws {
        let jobs = payments.followUp.jobs
        switch event {
        case Self.succeeded:
            try await jobs.enqueue(Self.sendReceipt, ReceiptTask(paymentID: id), dedupe: "receipt:\(id)")
        case Self.abandoned:
            guard let payment = try await find(id), let payer = payment.payerID else { return }
            try await remind(payer, of: payment.purpose, payment.purposeID, after: Self.patience)
        default:
            guard let payment = try await find(id), let failure = payment.state.failure else { return }
            try await send(
                .paymentFailed, about: payment, payment.state.amount, key: "payment-failed:\(id)",
                ["reason": failure.message])
        }
    }

    /// One that is gone is told of to nobody.
    private func find(_ id: ID<Payment>) async throws -> Payment? {
        try await payments.database.first(PaymentQueries.payment(id))?.payment
    }

    // MARK: Jobs

    static let sendReceipt = JobKind<ReceiptTask>("send-payment-receipt", queue: "emails", priority: .high)
    static let sendReminder = JobKind<ReminderTask>("payment-reminder", queue: "payments", priority: .high)

    var jobs: [JobType] {
        [
            JobType(Self.sendReceipt) { task, _ in try await sendReceipt(of: task.paymentID) },
            JobType(Self.sendReminder) { task, _ in try await carryOut(task) },
        ]
    }

    private func sendReceipt(of id: ID<Payment>) async throws {
        guard let payment = try await find(id), let number = payment.receiptNumber else { return }
        let amount = Money(minor: payment.state.captured, currency: payment.state.amount.currency)
        try await send(.paymentReceipt, about: payment, amount, key: "receipt:\(id)", ["receipt": number])
    }

    /// Has somebody reminded of what he owes then, if he still does; once for each object and day.
    func remind(_ payer: UUID, of purpose: String, _ object: UUID, after delay: Duration) async throws {
        try await payments.followUp.jobs.enqueue(
            Self.sendReminder, ReminderTask(purpose: purpose, purposeID: object, payerID: payer), after: delay,
            dedupe: "reminder:\(purpose):\(object)")
    }

    private func carryOut(_ task: ReminderTask) async throws {
        guard let due = try await payments.purposes[task.purpose]?.due(task.purposeID),
            let contact = try await notifications.people([task.payerID]).first
        else { return }
        let today = payments.clock.now().day
        let notice = Notice(
            template: .paymentReminder, in: contact.locale,
            ["amount": due.amount.description, "purpose": due.title, "date": (due.on ?? today).description], priority: .high,
            dedupeKey: "payment-reminder:\(task.purpose):\(task.purposeID):\(today)")
        try await notifications.send(notice, to: .user(task.payerID, email: contact.email))
    }

    // MARK: Refunds

    private func tell(_ event: String, ofRefund id: ID<Refund>) async throws {
        guard let refund = try await payments.database.first(RefundQueries.refund(id)),
            let payment = try await find(refund.paymentID)
        else { return }
        var values: [String: String] = [:]
        let template: TemplateKey
        switch RefundDecision(event: event) {
        case .approved: template = .refundApproved
        case .rejected:
            template = .refundRejected
            values["reason"] = refund.decisionReason ?? ""
        case .questioned:
            template = .refundInfo
            values["question"] = try await payments.database.first(RefundQueries.question(of: id)) ?? ""
        case nil: template = .refundCompleted
        }
        // A question may be asked again in other words.
        let word = template == .refundInfo ? ":\(refund.updatedAt)" : ""
        try await send(template, about: payment, refund.amount, key: "\(template.rawValue):\(id)\(word)", values)
    }

    // MARK: Sending

    private func send(
        _ template: TemplateKey, about payment: Payment, _ amount: Money, key: String, _ more: [String: String]
    ) async throws {
        let purpose = payment.description.isEmpty ? payment.reference : payment.description
        let values = more.merging(["amount": amount.description, "purpose": purpose]) { first, _ in first }
        func notice(in locale: String) -> Notice {
            Notice(template: template, in: locale, values, priority: .high, scope: payment.scope, dedupeKey: key)
        }
        if let payer = payment.payerID {
            guard let contact = try await notifications.people([payer]).first else { return }
            return try await notifications.send(notice(in: contact.locale), to: .user(payer, email: contact.email))
        }
        // Nobody knows what a guest reads.
        guard let address = payment.guest?.email else { return }
        try await notifications.send(notice(in: "en"), to: .email(address))
    }
}

/// Whose receipt is to be sent.
struct ReceiptTask: Shaped {
    let paymentID: ID<Payment>

    static let shape = Shape<ReceiptTask>("ReceiptTask", Self.init, Field("paymentId", { $0.paymentID }))
}

/// Who is to be reminded of what.
struct ReminderTask: Shaped {
    let purpose: String
    let purposeID: UUID
    let payerID: UUID

    static let shape = Shape<ReminderTask>(
        "ReminderTask", Self.init, Field("purpose", { $0.purpose }), Field("purposeId", { $0.purposeID }),
        Field("payerId", { $0.payerID }))
}

/// What staff say to somebody who wants his money back, as others may hear of it.
enum RefundDecision: String, CaseIterable {
    case approved, rejected
    case questioned = "info_requested"

    var event: String { "refund.\(rawValue)" }

    init?(event: String) {
        guard let decision = Self.allCases.first(where: { $0.event == event }) else { return nil }
        self = decision
    }
}
