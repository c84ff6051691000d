import Invoices
import Postgres
import Service
import Values

/// The door of payments: how money comes in.
package final class Payments: Sendable {
    let database: Database
    let invoices: Invoices
    let ledger: Ledger
    let purposes: PaymentPurposes
    let providers: PaymentProviders
    let commissions: [String: CommissionPolicy]
    let followUp: PaymentFollowUp
    let clock: Clock

    /// - Parameter commissions: by product; a product without one pays none.
    package init(
        database: Database, invoices: Invoices, purposes: [any PaymentPurpose] = [], providers: PaymentProviders,
        commissions: [String: CommissionPolicy] = [:], followUp: PaymentFollowUp, clock: Clock = .system
    ) {
        self.database = database
        self.invoices = invoices
        ledger = Ledger(database: database, clock: clock)
        self.purposes = PaymentPurposes(purposes + [InvoicePurpose(invoices: invoices), BalancePurpose(invoices: invoices)])
        self.providers = providers
        self.commissions = commissions
        self.followUp = followUp
        self.clock = clock
    }

    /// Begins a payment: the price is the purpose's, the row is there before the provider hears of it.
    ///
    /// - Returns: the payment with its checkout, and whether it is new; an open one of the same terms is given again.
    func create(_ order: PaymentOrder, by caller: Caller) async throws -> (payment: PaymentWithAttempt, isNew: Bool) {
        let payer = try caller.user()
        guard let purpose = purposes[order.purpose] else { throw PaymentProblem.purposeUnknown.on("purpose") }
        let quote = try await purpose.quote(order.purposeID, order.wish, by: caller)
        let provider = try providers.choose(order.provider, for: quote.amount.currency)
        let new = NewPayment(
            quote: quote, purpose: purpose.name, purposeID: order.purposeID, payerID: payer, provider: provider.name,
            returnURL: order.returnURL, expiresAt: clock.now() + quote.lifetime)
        if let attempt = try await write(new) { return (try await start(new, attempt, provider), true) }
        if let open = try await open(like: new) { return (open, false) }
        // The other one's time was over and nobody had noticed; now it has ended, and this one may begin.
        guard let attempt = try await write(new) else { throw PaymentProblem.paymentOpen }
        return (try await start(new, attempt, provider), true)
    }

    /// Nil when another payment with this lock key is open.
    private func write(_ new: NewPayment) async throws -> PaymentAttempt? {
        try await database.transaction { _ in
            guard try await database.execute(PaymentQueries.insert(new, now: clock.now())) == 1 else { return nil }
            let attempt = PaymentAttempt.first(of: new)
            let now = clock.now()
            try await database.execute(
                PaymentQueries.insertAttempt(attempt, checkAt: now + PaymentCheck.first, now: now))
            return attempt
        }
    }

    /// The open payment under the same key, if it is this payer's and of the same terms; nil when it has just ended.
    private func open(like new: NewPayment) async throws -> PaymentWithAttempt? {
        guard let open = try await database.first(PaymentQueries.open(lockKey: new.quote.lockKey)) else { return nil }
        if open.payment.expiresAt <= clock.now() {
            let settled = try await settle(open.payment.id)
            if !settled.payment.state.status.isOpen { return nil }
        }
        guard open.payment.payerID == new.payerID, open.payment.state.amount == new.quote.amount,
            open.payment.provider == new.provider
        else { throw PaymentProblem.paymentOpen }
        return open
    }

    /// Makes the order at the provider. What it answers, or that it does not, is written down.
    private func start(
        _ new: NewPayment, _ attempt: PaymentAttempt, _ provider: any PaymentProvider
    ) async throws -> PaymentWithAttempt {
        let payment = try await payment(new.id).payment
        let order = try await provider.open(attempt, of: payment)
        try await database.transaction { _ in
            var state = try await lock(new.id).state
            _ = state.receive(.open)
            try await database.write(
                PaymentQueries.save(state, of: new.id, now: clock.now()), PaymentQueries.opened(attempt, order: order))
        }
        return try await self.payment(new.id)
    }

    // MARK: Reading

    func payment(_ id: ID<Payment>) async throws -> PaymentWithAttempt {
        guard let payment = try await database.first(PaymentQueries.payment(id)) else {
            throw HouseProblem.notFound.problem
        }
        return payment
    }

    /// Inside a transaction: the payment, which nobody else settles until it ends.
    func lock(_ id: ID<Payment>) async throws -> Payment {
        guard let payment = try await database.first(PaymentQueries.lock(id)) else {
            throw HouseProblem.notFound.problem
        }
        return payment
    }
}
