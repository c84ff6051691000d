import Cache
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
    let cache: Cache
    let clock: Clock

    /// - Parameter commissions: by product; a product without one pays none.
    package init(
        database: Database, invoices: Invoices, purposes: [any PaymentPurpose] = [], providers: PaymentProviders,
        commissions: [String: CommissionPolicy] = [:], followUp: PaymentFollowUp, cache: Cache,
        clock: Clock = .system
    ) {
        self.database = database
        self.invoices = invoices
        ledger = Ledger(database: database, clock: clock)
        self.purposes = PaymentPurposes(purposes + [InvoicePurpose(invoices: invoices), BalancePurpose(invoices: invoices)])
        self.providers = providers
        self.commissions = commissions
        self.followUp = followUp
        self.cache = cache
        self.clock = clock
    }

    /// Begins a payment: the price is the purpose's, the row is committed before the provider hears of it. It is called in no
    /// transaction. What an effect has begun it goes on with, and begins no second one.
    ///
    /// - Returns: the payment with its checkout, and whether it is new; an open one of the same terms is given again.
    func create(
        _ order: PaymentOrder, by caller: Caller, as effect: Effect
    ) async throws -> (payment: PaymentWithAttempt, isNew: Bool) {
        let payer = try caller.user()
        if effect.isContinued, let begun = try await database.first(PaymentQueries.payment(ID(effect.id))) {
            return (try await ordered(begun), true)
        }
        guard let purpose = purposes[order.purpose] else { throw PaymentProblem.purposeUnknown.on("purpose") }
        let quote = try await purpose.quote(order.purposeID, order.wish, by: caller)
        let provider = try providers.choose(order.provider, for: quote.amount.currency)
        let new = NewPayment(
            id: ID(effect.id), quote: quote, purpose: purpose.name, purposeID: order.purposeID, payerID: payer,
            provider: provider.name, returnURL: order.returnURL, expiresAt: clock.now() + quote.lifetime)
        if try await write(new) { return (try await ordered(try await payment(new.id)), true) }
        if let open = try await open(like: new) { return (try await ordered(open), false) }
        // The other one's time was over and nobody had noticed; now it has ended, and this one may begin.
        guard try await write(new) else { throw PaymentProblem.paymentOpen }
        return (try await ordered(try await payment(new.id)), true)
    }

    /// False when another payment with this lock key is open.
    private func write(_ new: NewPayment) async throws -> Bool {
        try await database.transaction { _ in
            guard try await database.execute(PaymentQueries.insert(new, now: clock.now())) == 1 else { return false }
            let attempt = PaymentAttempt.first(of: new)
            let now = clock.now()
            try await database.execute(
                PaymentQueries.insertAttempt(attempt, checkAt: now + PaymentCheck.first, now: now))
            try await forget(new.id, of: new.payerID)
            return true
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

    /// An open payment with its order, which is made at the provider unless it is known: whoever began the payment may have
    /// been interrupted, and the provider finds the order again by the attempt's key.
    private func ordered(_ known: PaymentWithAttempt) async throws -> PaymentWithAttempt {
        guard known.payment.state.status.isOpen, let attempt = known.attempt, attempt.orderID == nil else { return known }
        let id = known.payment.id
        let order = try await providers.named(attempt.provider).open(attempt, of: known.payment)
        try await database.transaction { _ in
            var state = try await lock(id).state
            if state.receive(.open) == .changed {
                try await database.execute(PaymentQueries.save(state, of: id, now: clock.now()))
            }
            try await database.execute(PaymentQueries.opened(attempt, order: order))
            try await forget(id, of: known.payment.payerID)
        }
        return try await payment(id)
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
