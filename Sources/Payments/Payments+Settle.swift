import Postgres
import Service
import Values

/// The one way in which money is granted. Webhook, verification and checks all come here.
extension Payments {
    /// Asks the provider what became of the payment and carries that out, once, whoever asks how often at once.
    @discardableResult
    package func settle(_ id: ID<Payment>) async throws -> PaymentWithAttempt {
        let known = try await payment(id)
        guard let attempt = known.attempt, !known.payment.state.status.isPaid else { return known }
        // Asked before the row is locked: no transaction waits for somebody outside.
        let answer = try await providers.named(attempt.provider).status(of: attempt)
        try await database.transaction { _ in try await carryOut(answer, attempt, id) }
        return try await payment(id)
    }

    private func carryOut(_ answer: ProviderAnswer, _ attempt: PaymentAttempt, _ id: ID<Payment>) async throws {
        let payment = try await lock(id)
        var state = payment.state
        var consequence = state.receive(answer)
        if consequence == .nothing, answer == .open, payment.expiresAt <= clock.now() { consequence = state.expire() }
        if consequence != .nothing { try await forget(id, of: payment.payerID) }
        switch consequence {
        case .nothing:
            break
        case .changed:
            try await database.execute(PaymentQueries.save(state, of: id, now: clock.now()))
        case .ended, .alarm:
            try await database.write(
                PaymentQueries.save(state, of: id, now: clock.now()), PaymentQueries.saveAttempts(state.status, of: id))
            try await followUp.ended(payment, state, alarm: consequence == .alarm)
        case .settle:
            try await succeed(payment, state, through: attempt)
        }
    }

    /// Locks follow one order everywhere: payment, invoices, receipt counter, accounts.
    private func succeed(_ payment: Payment, _ state: PaymentState, through attempt: PaymentAttempt) async throws {
        let used = try await use(state.amount, of: payment)
        let rest = state.amount.minor - used
        let commission = try await commission(of: payment.product, on: used, payment)
        let receipt = ReceiptSeries(scope: payment.scope, at: clock.now())
        _ = try await database.one(
            PaymentQueries.succeed(
                payment.id, state: state, commission: commission, receipt: receipt, now: clock.now()))
        try await database.execute(PaymentQueries.saveAttempts(.succeeded, of: payment.id))
        let postings = SettlementPostings(
            payee: payment.payee, currency: state.amount.currency, amount: state.amount.minor, rest: rest,
            commission: commission)
        try await ledger.post(
            NewTransaction(
                kind: "payment", product: payment.product, object: Scope("payment", payment.id.uuid),
                idempotencyKey: "payment:\(payment.id)", description: payment.description,
                postings: postings.online(through: attempt.provider)))
        if rest > 0 { try await giveBack(rest, of: payment) }
        try await followUp.succeeded(payment, state)
    }

    private func use(_ money: Money, of payment: Payment) async throws -> Int64 {
        guard let purpose = purposes[payment.purpose] else {
            // The product has been switched off since: nobody can use the money, all of it goes back.
            return 0
        }
        let used = try await purpose.settle(payment)
        precondition((0...money.minor).contains(used), "purpose \(purpose.name) used \(used) of \(money)")
        return used
    }

    func commission(of product: String, on used: Int64, _ payment: Payment) async throws -> Int64 {
        try await commission(of: product, on: Money(minor: used, currency: payment.state.amount.currency), payment.payee)
    }

    func commission(of product: String, on money: Money, _ payee: Scope) async throws -> Int64 {
        // The platform pays itself nothing: its own fees are its payees' invoices.
        if payee == .platform { return 0 }
        let policy = commissions[product] ?? .none
        return try await policy.commission(for: payee).share(of: money)
    }
}
