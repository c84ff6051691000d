import Postgres
import Service
import Values

/// How the order of a payment is made at a provider: one order, whoever asks how often at once, and at most one change of the
/// provider when the first fails (0-platform, 4.6).
extension Payments {
    /// An open payment with its order, which is made at the provider unless it is known or somebody is at it: whoever began
    /// the payment may have been interrupted, and the provider finds the order again.
    ///
    /// - Parameter route: the providers it may go by, the best first.
    func ordered(_ known: PaymentWithAttempt, by route: [any PaymentProvider]) async throws -> PaymentWithAttempt {
        guard known.payment.state.status == .created, let attempt = known.attempt, attempt.orderID == nil else {
            return known
        }
        try await order(attempt, of: known.payment, by: route)
        return try await payment(known.payment.id)
    }

    private func order(
        _ attempt: PaymentAttempt, of payment: Payment, by route: [any PaymentProvider], isLast: Bool = false
    ) async throws {
        guard let isFollower = try await database.first(PaymentQueries.setOut(attempt.id, now: clock.now())) else { return }
        let provider = try providers.named(attempt.provider)
        do {
            let request = try await request(attempt, of: payment)
            try await note(try await make(request, at: provider, isFollower: isFollower), of: attempt)
        } catch is UnclearOrder {
            try await noteUnknown(attempt)
        } catch let failure as OutsideFailure {
            guard !isLast, let next = route.first(where: { $0.name != attempt.provider }) else {
                try await database.execute(PaymentQueries.cameBack(attempt.id))
                throw PaymentProblem.providerUnavailable.retry(after: 60)
            }
            let second = attempt.next(at: next.name)
            guard try await move(attempt, to: second, isLive: next.isLive, because: failure) else { return }
            try await order(second, of: payment, by: route, isLast: true)
        } catch let refusal as ProviderRefusal {
            try await noteRefused(attempt, refusal)
            throw PaymentProblem.providerRefused
        } catch {
            try await database.execute(PaymentQueries.cameBack(attempt.id))
            throw error
        }
    }

    /// After a time-out the order is looked up before anything else is done: it may have been made.
    private func make(
        _ request: OrderRequest, at provider: any PaymentProvider, isFollower: Bool
    ) async throws -> ProviderOrder {
        do {
            if isFollower, let found = try await provider.find(request) { return found }
            return try await provider.open(request)
        } catch let failure as OutsideFailure where failure.isWithoutAnswer {
            do {
                if let found = try await provider.find(request) { return found }
            } catch is OutsideFailure {
                throw UnclearOrder()
            }
            // Certainly not made.
            throw failure
        }
    }

    func request(_ attempt: PaymentAttempt, of payment: Payment) async throws -> OrderRequest {
        let base = publicURL + PaymentOperations.base
        return OrderRequest(
            attempt: attempt, payment: payment, payer: try await payer(of: payment),
            saved: try await database.first(MethodQueries.method(ofPayment: payment.id)),
            customerID: try await keepingCustomer(of: payment, at: attempt.provider),
            returnURL: "\(base)/return/\(payment.reference)", webhookURL: "\(base)/webhook/\(attempt.provider)")
    }

    /// As whom the provider keeps what the payer pays by, where that is to be kept.
    private func keepingCustomer(of payment: Payment, at provider: String) async throws -> String? {
        guard payment.savesMethod, let user = payment.payerID, let keeper = providers.keeper(provider) else { return nil }
        return try await customer(of: user, at: provider, keeper, key: payment.id.uuid)
    }

    // MARK: What came of it

    func note(_ order: ProviderOrder, of attempt: PaymentAttempt) async throws {
        try await database.transaction { _ in
            var state = try await lock(attempt.paymentID).state
            if state.receive(.open) == .changed {
                try await database.execute(PaymentQueries.save(state, of: attempt.paymentID, now: clock.now()))
            }
            let checkout = vault.seal(order.checkout, of: attempt.id)
            try await database.execute(PaymentQueries.opened(attempt.id, order: order.id, checkout: checkout))
            try await forget(attempt.paymentID)
        }
    }

    /// Whether there is an order nobody can say; no second one is made while that is so.
    private func noteUnknown(_ attempt: PaymentAttempt) async throws {
        try await database.transaction { _ in
            var state = try await lock(attempt.paymentID).state
            if state.receive(.unknown) == .changed {
                try await database.write(
                    PaymentQueries.save(state, of: attempt.paymentID, now: clock.now()),
                    PaymentQueries.reported(attempt.id, ProviderReport(.unknown), status: .unknown))
            }
            try await database.execute(PaymentQueries.cameBack(attempt.id))
            try await forget(attempt.paymentID)
        }
    }

    /// - Returns: false when the payment has ended meanwhile.
    private func move(
        _ attempt: PaymentAttempt, to second: PaymentAttempt, isLive: Bool, because failure: OutsideFailure
    ) async throws -> Bool {
        try await database.transaction { _ in
            guard try await lock(attempt.paymentID).state.status == .created else { return false }
            let error = String(failure.description.prefix(60))
            try await database.execute(PaymentQueries.gaveUp(attempt.id, error: error))
            try await add(second)
            try await forget(attempt.paymentID)
            try await database.execute(
                PaymentQueries.moved(attempt.paymentID, to: second.provider, isLive: isLive, now: clock.now()))
            return true
        }
    }

    private func noteRefused(_ attempt: PaymentAttempt, _ refusal: ProviderRefusal) async throws {
        followUp.log.error(
            "a provider refused an order",
            ["payment": .text("\(attempt.paymentID)"), "provider": .text(attempt.provider), "error": .text("\(refusal)")])
        try await database.transaction { _ in
            let failure = PaymentFailure(
                code: "provider_refused", message: "The payment provider does not take this payment.")
            try await carryOut(ProviderReport(.failed(failure)), attempt)
        }
    }

    /// Whether an order was made cannot be said now.
    private struct UnclearOrder: Error {}
}

extension OutsideFailure {
    /// The request left and nothing that could be understood came back.
    var isWithoutAnswer: Bool {
        switch self {
        case .unanswered, .incomprehensible: true
        case .resting, .unreachable, .failing, .rejectingUs: false
        }
    }
}
