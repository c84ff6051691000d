import Cache
import Crypto
import Invoices
import Postgres
import Service
import Values

/// The door of payments: how money comes in.
package final class Payments: Sendable {
    let database: Database
    let invoices: Invoices
    let ledger: Ledger
    package let wallets: Wallets
    let purposes: PaymentPurposes
    let providers: PaymentProviders
    let commissions: [String: CommissionPolicy]
    let followUp: PaymentFollowUp
    let cache: Cache
    let vault: CheckoutVault
    /// Where providers send payers and webhooks: `PUBLIC_URL`.
    let publicURL: String
    private let decided: @Sendable () -> PaymentTerms
    let clock: Clock

    /// - Parameters:
    ///   - commissions: by product; a product without one pays none.
    ///   - ring: what seals checkouts.
    ///   - terms: asked each time: operators change them.
    package init(
        database: Database, invoices: Invoices, purposes: [any PaymentPurpose] = [], providers: PaymentProviders,
        commissions: [String: CommissionPolicy] = [:], followUp: PaymentFollowUp, cache: Cache,
        ring: SealingRing, publicURL: String,
        terms: @escaping @Sendable () -> PaymentTerms = { PaymentTerms() }, clock: Clock = .system
    ) {
        self.database = database
        self.invoices = invoices
        ledger = Ledger(database: database, clock: clock)
        wallets = Wallets(ledger: ledger)
        self.purposes = PaymentPurposes(
            purposes + [InvoicePurpose(invoices: invoices), BalancePurpose(invoices: invoices), WalletPurpose()])
        self.providers = providers
        self.commissions = commissions
        self.followUp = followUp
        self.cache = cache
        vault = CheckoutVault(ring: ring)
        self.publicURL = publicURL
        decided = terms
        self.clock = clock
    }

    /// What the operator has decided by now.
    var terms: PaymentTerms { decided() }

    /// Begins a payment: the price is the purpose's, the row is committed before the provider hears of it. It is called in no
    /// transaction. What an effect has begun it goes on with, and begins no second one.
    ///
    /// - Returns: the payment with its checkout, and whether it is new; an open one of the same terms is given again.
    func create(
        _ order: PaymentOrder, by caller: Caller, as effect: Effect
    ) async throws -> (payment: PaymentWithAttempt, isNew: Bool) {
        guard let purpose = purposes[order.purpose] else { throw PaymentProblem.purposeUnknown.on("purpose") }
        let user = try payer(caller, order, of: purpose)
        if order.usesBonus == true, !purpose.takesBonus {
            throw InvalidInput(field: "useBonus", code: "choice", message: "Nothing of this is paid by bonuses.")
        }
        let saved = try await saved(order, by: user)
        func route(_ amount: Money, _ payer: Payer) throws -> [any PaymentProvider] {
            let able = try providers.route(
                amount, through: purpose.providers, asked: saved?.provider ?? order.provider, from: payer)
            return try able.suited(to: order.method, keeping: order.savesMethod == true, among: providers)
        }
        if effect.isContinued, let begun = try await database.first(PaymentQueries.payment(ID(effect.id))) {
            let payer = try await payer(of: begun.payment)
            return (try await ordered(begun, by: try route(begun.payment.state.amount, payer)), true)
        }
        let quote = try await purpose.quote(order.purposeID, order.wish, by: caller)
        let payer = try await payer(user)
        let able = try route(quote.amount, user == nil ? quote.guest?.payer ?? payer : payer)
        let new = NewPayment(
            id: ID(effect.id), quote: quote, purpose: purpose.name, purposeID: order.purposeID, payerID: user,
            provider: able[0].name, method: order.method, isLive: able[0].isLive, returnURL: order.returnURL,
            savedMethodID: saved?.id, savesMethod: order.savesMethod ?? false,
            expiresAt: clock.now() + (able[0].lifetime ?? quote.lifetime ?? terms.lifetime))
        if try await write(new) { return (try await ordered(try await payment(new.id), by: able), true) }
        if let open = try await open(like: new, asked: order.provider) {
            return (try await ordered(open, by: able), false)
        }
        // The other one's time was over and nobody had noticed; now it has ended, and this one may begin.
        guard try await write(new) else { throw PaymentProblem.paymentOpen }
        return (try await ordered(try await payment(new.id), by: able), true)
    }

    /// Who is to pay: somebody with an account, or nil for a guest where the purpose takes one.
    private func payer(_ caller: Caller, _ order: PaymentOrder, of purpose: any PaymentPurpose) throws -> UUID? {
        if let user = caller.userID { return user }
        guard purpose.takesGuests, order.proof != nil else { throw HouseProblem.unauthorized.problem }
        guard order.savedMethodID == nil, order.savesMethod != true else {
            throw InvalidInput(field: "saveMethod", code: "choice", message: "Nothing is kept for somebody without an account.")
        }
        return nil
    }

    private func saved(_ order: PaymentOrder, by user: UUID?) async throws -> SavedMethod? {
        guard let id = order.savedMethodID, let user else { return nil }
        let saved = try await method(id, of: user)
        if let provider = order.provider, provider != saved.provider {
            throw InvalidInput(field: "provider", code: "choice", message: "The saved method is another provider's.")
        }
        return saved
    }

    /// False when another payment with this lock key is open.
    private func write(_ new: NewPayment) async throws -> Bool {
        try await database.transaction { _ in
            guard try await database.execute(PaymentQueries.insert(new, now: clock.now())) == 1 else { return false }
            try await add(PaymentAttempt.first(of: new))
            try await forget(new.id, of: new.payerID)
            return true
        }
    }

    func add(_ attempt: PaymentAttempt) async throws {
        let now = clock.now()
        try await database.execute(PaymentQueries.insertAttempt(attempt, checkAt: now + PaymentCheck.first, now: now))
    }

    /// The open payment under the same key, if it is this payer's and of the same terms; nil when it has just ended.
    private func open(like new: NewPayment, asked provider: String?) async throws -> PaymentWithAttempt? {
        guard let open = try await database.first(PaymentQueries.open(lockKey: new.quote.lockKey)) else { return nil }
        if open.payment.expiresAt <= clock.now() {
            let settled = try await settle(open.payment.id)
            if !settled.payment.state.status.isOpen { return nil }
        }
        guard open.payment.payerID == new.payerID, open.payment.state.amount == new.quote.amount,
            provider == nil || provider == open.payment.provider
        else { throw PaymentProblem.paymentOpen }
        return open
    }

    /// Who pays, as far as he is known.
    func payer(_ id: UUID?) async throws -> Payer {
        guard let id else { return Payer(id: nil) }
        return try await database.first(PaymentQueries.payer(id)) ?? Payer(id: id)
    }

    func payer(of payment: Payment) async throws -> Payer {
        if payment.payerID == nil, let guest = payment.guest { return guest.payer }
        return try await payer(payment.payerID)
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
