import Identity
import JSON
import Service
import Values

/// How money is asked back, and how staff decide on it.
enum RefundOperations {
    private static let base = PaymentOperations.base + "/refunds"

    static func all(_ module: PaymentsModule) -> [Operation] { asking(module) + reading(module.payments) + deciding(module) }

    private static func asking(_ module: PaymentsModule) -> [Operation] {
        let payments = module.payments
        return [
            .post(
                PaymentOperations.base + "/{id}/refund", "refundPayment",
                "Ask for money back: approved at once when staff ask, else requested", tag: "Payments", who: .signedIn,
                problems: [
                    PaymentProblem.refundExceeds, PaymentProblem.refundTooLate, PaymentProblem.paymentNotCompleted,
                    PaymentProblem.refundByProduct, PaymentProblem.refundWholeOnly, HouseProblem.forbidden,
                ],
                body: RefundWish.self, answer: Refund.self
            ) { call, wish in
                let payment = try await payments.payment(try call.id()).payment
                let user = try call.caller.user()
                if call.caller.can(.paymentsManage, on: payment.path) {
                    try call.caller.require(.paymentsManage, on: payment.path)
                    return try await module.audited("refund_approved", call) {
                        try await payments.refund(payment.id, wish, by: user, as: .staff)
                    }
                }
                guard payment.isOwn(of: call.caller) else {
                    throw call.caller.can(.paymentsRead, on: payment.path)
                        ? HouseProblem.forbidden.problem : HouseProblem.notFound.problem
                }
                return try await payments.refund(payment.id, wish, by: user, as: .payer)
            }.movingMoney()
        ]
    }

    private static func reading(_ payments: Payments) -> [Operation] {
        [
            .list(
                base, "listRefunds", "Refunds of own payments, and as staff those of one's scopes", tag: "Payments",
                who: .signedIn, filter: RefundFilter.self, item: Refund.self, sort: ["-createdAt"]
            ) { call, filter, page in
                let sight = try PaymentSight(of: call.caller, among: payments.invoices.kinds.scopeTypes)
                let selection = RefundSelection(sight: sight, filter: filter)
                return Page(
                    try await payments.database.all(RefundQueries.page(selection, page)),
                    total: try await payments.database.one(RefundQueries.count(selection)))
            },
            .get(base + "/{id}", "getRefund", "One refund", tag: "Payments", who: .signedIn, answer: Refund.self) { call in
                let refund = try await payments.refund(try call.id())
                try await payments.payment(refund.paymentID).payment.requireVisible(to: call.caller)
                return refund
            },
        ]
    }

    private static func deciding(_ module: PaymentsModule) -> [Operation] {
        let payments = module.payments
        return [
            .post(
                base + "/{id}/approve", "approveRefund", "Approve a refund, wholly or in part", tag: "Payments",
                who: .permission(.paymentsManage), problems: [PaymentProblem.decidedTwice, PaymentProblem.refundExceeds],
                body: ApprovedRefundBody.self, answer: Refund.self, status: 200
            ) { call, body in
                let id = try await payments.managed(call)
                return try await module.audited("refund_approved", call) {
                    try await payments.approve(id, body.amount, by: try call.caller.user())
                }
            }.movingMoney(),
            .post(
                base + "/{id}/reject", "rejectRefund", "Reject a refund", tag: "Payments",
                who: .permission(.paymentsManage), problems: [PaymentProblem.decidedTwice], body: RejectedRefundBody.self,
                answer: Refund.self, status: 200
            ) { call, body in
                let id = try await payments.managed(call)
                return try await module.audited("refund_rejected", call) {
                    try await payments.reject(id, reason: body.reason, by: try call.caller.user())
                }
            },
            .post(
                base + "/{id}/request-info", "askAboutRefund", "Ask the payer for more before deciding", tag: "Payments",
                who: .permission(.paymentsManage), problems: [PaymentProblem.decidedTwice], body: AskedRefundBody.self,
                answer: Refund.self, status: 200
            ) { call, body in
                let id = try await payments.managed(call)
                return try await module.audited("refund_questioned", call) {
                    try await payments.askForInformation(id, body.message)
                }
            },
            .action(
                base + "/{id}/check", "checkRefund", "Ask the provider what became of a refund", tag: "Payments",
                who: .permission(.paymentsManage),
                problems: [PaymentProblem.refundExceeds, PaymentProblem.providerUnavailable, PaymentProblem.providerRefused],
                answer: Refund.self
            ) { call in
                let id = try await payments.managed(call)
                let before = try await payments.refund(id)
                let after = try await PaymentOperations.asking { try await payments.check(id) }
                if after.state != before.state { await module.recordOutcome(of: after, was: before.state.status, by: call) }
                return after
            }.askingOutside()
                .described("Also of one that had failed: what the provider has paid after all is booked. Nothing is sent."),
            .action(
                base + "/{id}/retry", "retryRefund", "Try a failed refund again", tag: "Payments",
                who: .permission(.paymentsManage), problems: [PaymentProblem.decidedTwice, PaymentProblem.refundExceeds],
                answer: Refund.self
            ) { call in
                let id = try await payments.managed(call)
                return try await module.audited("refund_retried", call) { try await payments.retry(id) }
            }.described("One that is still under way is asked for again at the provider, under its own key."),
        ]
    }
}

extension Payments {
    /// The refund that the path names, which the caller may decide on.
    fileprivate func managed(_ call: Call) async throws -> ID<Refund> {
        let refund = try await refund(try call.id())
        let payment = try await payment(refund.paymentID).payment
        try call.caller.require(.paymentsManage, seeing: .paymentsRead, on: payment.path)
        return refund.id
    }
}

extension PaymentsModule {
    /// The provider has been asked, so this stands beside the change and not in its transaction.
    fileprivate func recordOutcome(of refund: Refund, was before: RefundStatus, by call: Call) async {
        guard let payment = try? await payments.payment(refund.paymentID).payment else { return }
        let change = AuditChange("status", AuditValue(before), AuditValue(refund.state.status))
        await trail?.record(
            "refund_checked", "refund", refund.id.uuid, product: payment.product, in: payment.scope, changes: [change], by: call)
    }

    /// Carries a decision out and writes it down, in one transaction.
    fileprivate func audited(_ action: String, _ call: Call, _ decision: () async throws -> Refund) async throws -> Refund {
        try await payments.database.transaction { _ in
            let refund = try await decision()
            let payment = try await payments.payment(refund.paymentID).payment
            await trail?.record(
                action, "refund", refund.id.uuid, product: payment.product, in: payment.scope,
                details: [("payment", .text(payment.id.description))] + .amount(refund.amount), by: call)
            return refund
        }
    }
}
