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
            + LedgerOperations.all(module.payments) + WalletOperations.all(module) + TransactionOperations.all(module)
            + MethodOperations.all(module.payments) + PaymentReportOperations.all(module) + ReconciliationOperations.all(module.payments)
            + WebhookOperations.all(module.inbox, module.stars, hasSandbox: module.sandbox != nil)
            + (module.sandbox.map { SandboxOperations.all(module.payments, $0) } ?? [])
    }

    /// A provider that gives no answer is the payer's 503.
    static func asking<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch is OutsideFailure {
            throw PaymentProblem.providerUnavailable.retry(after: 60)
        } catch is ProviderRefusal {
            throw PaymentProblem.providerRefused
        }
    }

    private static func making(_ module: PaymentsModule) -> [Operation] {
        let (payments, returns) = (module.payments, module.returns)
        return [
            .post(
                base + "/create", "createPayment", "Begin to pay for something", tag: "Payments", who: .anyone,
                problems: [
                    PaymentProblem.alreadyPaid, PaymentProblem.paymentOpen, PaymentProblem.amountMismatch,
                    PaymentProblem.amountExceedsBalance, PaymentProblem.purposeUnknown, PaymentProblem.invalidState,
                    PaymentProblem.paymentsNotConfigured, PaymentProblem.providerUnavailable, PaymentProblem.providerRefused,
                    PaymentProblem.methodsNotKept, HouseProblem.forbidden, HouseProblem.unauthorized, HouseProblem.notFound,
                ], body: PaymentOrder.self, answer: PaymentView.self,
                location: { "\(base)/\($0.payment.id)" }
            ) { call, order in
                try returns.check(order.returnURL)
                if payments.purposes[order.purpose]?.isForPayers == false { throw PaymentProblem.purposeUnknown.on("purpose") }
                let (payment, isNew) = try await asking {
                    try await payments.create(order, by: call.caller, as: call.effect)
                }
                if !isNew { call.answerStatus = 200 }
                return try await payments.view(payment)
            }.movingMoney().askingOutside().alsoAnswers(200).openWhenLocked().limited(limit).uncompressed()
                .described(
                "The price is the purpose's; an amount is compared with it, or taken where parts are allowed. Guests pay where "
                    + "the purpose has given them a proof."),
            .post(
                base + "/verify", "verifyPayment", "Ask the provider what became of a payment", tag: "Payments",
                who: .signedIn,
                problems: [
                    PaymentProblem.paymentNotCompleted, PaymentProblem.providerUnavailable, PaymentProblem.providerRefused,
                    CheckoutProblem.signatureInvalid,
                ],
                body: VerifiedPaymentBody.self, answer: PaymentView.self, status: 200
            ) { call, body in
                let known = try await payments.find(body)
                try known.payment.requireVisible(to: call.caller)
                guard payments.vouches(for: body.proof, of: known) else { throw CheckoutProblem.signatureInvalid }
                let settled = try await asking { try await payments.settle(known.payment.id) }
                guard settled.payment.state.status.isPaid else { throw PaymentProblem.paymentNotCompleted }
                return try await payments.view(settled)
            }.askingOutside().limited(limit).uncompressed(),
            .action(
                base + "/{id}/cancel", "cancelPayment", "Give a payment up that is still open", tag: "Payments",
                who: .signedIn,
                problems: [
                    PaymentProblem.invalidState, PaymentProblem.providerUnavailable, PaymentProblem.providerRefused,
                    HouseProblem.forbidden,
                ], answer: PaymentView.self
            ) { call in
                let known = try await payments.payment(try call.id())
                if known.payment.isOwn(of: call.caller) {
                    let cancelled = try await asking { try await payments.cancel(known.payment.id, as: call.effect) }
                    return try await payments.view(cancelled)
                }
                try call.caller.require(.paymentsManage, seeing: .paymentsRead, on: known.payment.path)
                let cancelled = try await asking {
                    try await payments.cancel(known.payment.id, releasing: true, as: call.effect)
                }
                await module.recordCancellation(of: known.payment, by: call)
                return try await payments.view(cancelled)
            }.askingOutside().uncompressed().described("Staff also let go what a provider holds and nobody has taken."),
            .post(
                base + "/{id}/capture", "capturePayment", "Take what a provider holds", tag: "Payments",
                who: .permission(.paymentsManage),
                problems: [
                    PaymentProblem.invalidState, PaymentProblem.amountMismatch, PaymentProblem.paymentNotCompleted,
                    PaymentProblem.providerUnavailable, PaymentProblem.providerRefused,
                ], body: CapturedPaymentBody.self, answer: PaymentView.self, status: 200
            ) { call, body in
                let known = try await payments.payment(try call.id())
                try call.caller.require(.paymentsManage, seeing: .paymentsRead, on: known.payment.path)
                // What an interrupted request has taken is taken.
                if call.effect.isContinued, known.payment.state.status.isPaid { return try await payments.view(known) }
                let taken = try await asking { try await payments.capture(known.payment.id, body.amount) }
                await module.recordCapture(of: taken.payment, by: call)
                return try await payments.view(taken)
            }.movingMoney().askingOutside().uncompressed(),
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
            }.cached(as: "payments:user:{caller}", for: .seconds(180)).uncompressed(),
            .get(
                base + "/{id}", "getPayment", "One payment", tag: "Payments", who: .signedIn, answer: PaymentView.self
            ) { call in
                let known = try await payments.payment(try call.id())
                try known.payment.requireVisible(to: call.caller)
                call.keepsAnswer = known.payment.isOwn(of: call.caller) && !known.payment.state.status.isOpen
                return try await payments.view(known)
            }.cached(as: "payment:{id}", for: .seconds(600)).uncompressed(),
            .raw(
                .get, base + "/return/{reference}", "returnFromPayment", "Where a provider sends the payer afterwards",
                tag: "Payments", who: .anyone, success: Success(302)
            ) { call in
                // Changes nothing: neither the address nor its query can grant anything. The provider is asked by a job.
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

    /// Whether what a checkout gave the payer's client fits the payment's own order.
    func vouches(for proof: CheckoutProof, of known: PaymentWithAttempt) -> Bool {
        guard let attempt = known.attempt, let provider = try? providers.named(attempt.provider) else { return true }
        return provider.vouches(for: proof, of: attempt)
    }

    /// The payer is back: the provider is asked at once, by a job, and once however often he comes meanwhile.
    func hasten(_ known: PaymentWithAttempt) async throws {
        guard known.payment.state.status.isOpen, known.attempt != nil else { return }
        let id = known.payment.id
        try await followUp.jobs.enqueue(PaymentJobs.process, PaymentJob(paymentID: id), dedupe: "process:\(id)")
    }
}
