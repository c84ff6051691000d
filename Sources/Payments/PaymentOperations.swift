import Invoices
import JSON
import Service
import Values

/// How payments are reached.
enum PaymentOperations {
    static let base = "/api/v1/payments"
    /// Create and verify ask providers: 20 a minute (0-platform, 4.3).
    private static let limit = RateLimit("payments", 20, perSeconds: 60)

    static func all(_ module: PaymentsModule) -> [Operation] {
        making(module) + reading(module.payments, module.returns)
            + InvoicePaymentOperations.all(module) + RefundOperations.all(module)
            + LedgerOperations.all(module.payments)
            + (module.sandbox.map { WebhookOperations.all(module.inbox) + SandboxOperations.all(module.payments, $0) } ?? [])
    }

    private static func making(_ module: PaymentsModule) -> [Operation] {
        let (payments, returns) = (module.payments, module.returns)
        return [
            .post(
                base + "/create", "createPayment", "Begin to pay for something", tag: "Payments", who: .signedIn,
                problems: [
                    PaymentProblem.alreadyPaid, PaymentProblem.paymentOpen, PaymentProblem.amountMismatch,
                    PaymentProblem.amountExceedsBalance, PaymentProblem.purposeUnknown, PaymentProblem.invalidState,
                    PaymentProblem.paymentsNotConfigured, PaymentProblem.providerUnavailable, HouseProblem.forbidden,
                ], body: PaymentOrder.self, answer: PaymentView.self,
                location: { "\(base)/\($0.payment.id)" }
            ) { call, order in
                try returns.check(order.returnURL)
                let (payment, isNew) = try await payments.create(order, by: call.caller, as: call.effect)
                if !isNew { call.answerStatus = 200 }
                return try await payments.view(payment)
            }.movingMoney().askingOutside().alsoAnswers(200).openWhenLocked().limited(limit)
                .described("The price is the purpose's; an amount is compared with it, or taken where parts are allowed."),
            .post(
                base + "/verify", "verifyPayment", "Ask the provider what became of a payment", tag: "Payments",
                who: .signedIn, problems: [PaymentProblem.paymentNotCompleted, PaymentProblem.providerUnavailable],
                body: VerifiedPaymentBody.self, answer: PaymentView.self, status: 200
            ) { call, body in
                let known = try await payments.find(body)
                try known.payment.requireVisible(to: call.caller)
                let settled = try await payments.settle(known.payment.id)
                guard settled.payment.state.status.isPaid else { throw PaymentProblem.paymentNotCompleted }
                return try await payments.view(settled)
            }.askingOutside().limited(limit),
            .action(
                base + "/{id}/cancel", "cancelPayment", "Give a payment up that is still open", tag: "Payments",
                who: .signedIn, problems: [PaymentProblem.invalidState, HouseProblem.forbidden], answer: PaymentView.self
            ) { call in
                let known = try await payments.payment(try call.id())
                if known.payment.isOwn(of: call.caller) {
                    return try await payments.view(try await payments.cancel(known.payment.id, as: call.effect))
                }
                try call.caller.require(.paymentsManage, seeing: .paymentsRead, on: known.payment.path)
                let cancelled = try await payments.cancel(known.payment.id, as: call.effect)
                await module.recordCancellation(of: known.payment, by: call)
                return try await payments.view(cancelled)
            }.askingOutside(),
        ]
    }

    private static func reading(_ payments: Payments, _ returns: ReturnAddresses) -> [Operation] {
        [
            .list(
                base, "listPayments", "Own payments, and as staff those of one's scopes", tag: "Payments",
                who: .signedIn, filter: PaymentFilter.self, item: PaymentView.self, sort: PaymentQueries.sortable,
                totals: [PaymentTotals].schema
            ) { call, filter, page in
                let sight = try PaymentSight(of: call.caller, among: payments.invoices.kinds.scopeTypes)
                call.keepsAnswer = sight.isOwnAlone
                let selection = PaymentSelection(sight: sight, filter: filter)
                let rows = try await payments.database.all(PaymentQueries.page(selection, page))
                let totals = try await payments.database.all(PaymentQueries.totals(selection))
                return Page(
                    try await payments.views(rows), total: totals.reduce(0) { $0 + $1.count }, totals: totals)
            }.cached(as: "payments:user:{caller}", for: .seconds(180)),
            .get(
                base + "/{id}", "getPayment", "One payment", tag: "Payments", who: .signedIn, answer: PaymentView.self
            ) { call in
                let known = try await payments.payment(try call.id())
                try known.payment.requireVisible(to: call.caller)
                call.keepsAnswer = known.payment.isOwn(of: call.caller) && !known.payment.state.status.isOpen
                return try await payments.view(known)
            }.cached(as: "payment:{id}", for: .seconds(600)),
            .raw(
                .get, base + "/return/{reference}", "returnFromPayment", "Where a provider sends the payer afterwards",
                tag: "Payments", who: .anyone, success: Success(302)
            ) { call in
                // Changes nothing: neither the address nor its query can grant anything. A check is due soon anyway.
                guard let known = try await payments.database.first(
                    PaymentQueries.payment(reference: try call.text("reference")))
                else { throw HouseProblem.notFound.problem }
                try await payments.hasten(known)
                return .found(returns.address(of: known.payment))
            },
        ]
    }
}

extension Payments {
    func find(_ body: VerifiedPaymentBody) async throws -> PaymentWithAttempt {
        if let id = body.paymentID { return try await payment(id) }
        guard let known = try await database.first(PaymentQueries.payment(reference: body.reference ?? "")) else {
            throw HouseProblem.notFound.problem
        }
        return known
    }

    /// The payer is back: the provider is asked with the next round of checks.
    func hasten(_ known: PaymentWithAttempt) async throws {
        guard known.payment.state.status.isOpen, let attempt = known.attempt else { return }
        try await database.execute(PaymentQueries.hasten(attempt.id, now: clock.now()))
    }
}
