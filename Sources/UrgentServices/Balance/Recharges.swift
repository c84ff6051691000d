import JSON
import Payments
import Postgres
import Service
import Values

/// The door of balances: what somebody has, and how he pays into it.
package struct Recharges: Sendable {
    /// What is decided by settings.
    package struct Terms: Sendable {
        /// Where nobody names a method.
        package var method = PaymentMethod.telegramStars
        /// Money without a payment; never in production.
        package var isFree = false
        /// Of a Star, in kopecks, asked each time.
        package var starRate: @Sendable () -> Int = { 150 }
        /// Where payers are sent back to, with the number of their payment; nil for where the platform sends them.
        var bot: String?

        package init() {}
    }

    let database: Database
    let payments: Payments
    let events: Outbox
    let users: UrgentUsers
    let terms: Terms
    /// How many movements a list goes back, and counts.
    let reach: Int

    func balance(of user: Int) async throws -> Int {
        guard let balance = try await database.first(BalanceQueries.balance(of: user)) else {
            throw UrgentProblem.notAuthenticated
        }
        return balance
    }

    func movements(of user: Int, _ query: MovementQuery) async throws -> MovementsView {
        MovementsView(
            rows: try await database.all(BalanceQueries.movements(of: user, query, query.slice.within(reach))),
            total: try await database.one(BalanceQueries.count(of: user, query, reach: reach)))
    }

    /// Amounts that are often paid in.
    var packages: [PackageView] {
        [(100, false), (300, true), (1000, false), (3000, false)].map { amount, isPopular in
            PackageView(amount: amount, isPopular: isPopular, stars: stars(amount))
        }
    }

    /// Rounded up to whole Stars.
    private func stars(_ amount: Int) -> Int { (amount * 100 + terms.starRate() - 1) / terms.starRate() }

    // MARK: Paying

    /// An invoice, with the way to pay it; of the same key the first one again. Asks the provider, in no transaction.
    ///
    /// Throws `payment_not_configured`, `payment_provider_error`, `idempotency_conflict`, `user_blocked`.
    func begin(_ body: RechargeBody, key: String?, of user: Int, as caller: Caller) async throws -> InvoiceView {
        try await users.refuseBlocked(user)
        let method = body.method ?? terms.method
        guard let provider = provider(of: method) else { throw UrgentProblem.paymentNotConfigured }
        let invoice = try await invoice(body.amount, method, key: key, of: user)
        let begun: PaymentView
        do {
            begun = try await payments.begin(
                RechargePurpose.name, invoice.paymentID, invoice.money, through: provider,
                returnURL: terms.bot.map { "https://t.me/\($0)?startapp=payment_\(invoice.id)" }, by: caller,
                as: Effect(id: invoice.paymentID, isContinued: true))
        } catch let error where error is PaymentProblem || error is Problem {
            throw Self.refusal(for: ProblemReport.problem(for: error).code) ?? error
        }
        let status = begun.payment.state.status
        guard status.isOpen || status.isPaid || status == .expired else { throw UrgentProblem.paymentProviderError }
        return InvoiceView(invoice: invoice, way: PaymentWay(begun))
    }

    /// What the contract calls a refusal of the platform's payments; nil for what is no refusal of a way to pay.
    private static func refusal(for code: String) -> UrgentProblem? {
        switch PaymentProblem(rawValue: code) {
        case .paymentsNotConfigured: .paymentNotConfigured
        case .providerUnavailable, .providerRefused: .paymentProviderError
        default: nil
        }
    }

    /// The sandbox takes the place of those that are not set up, outside production.
    private func provider(of method: PaymentMethod) -> String? {
        let names = method == .cryptoBot ? [] : [method.rawValue, "sandbox"]
        return names.first { payments.offers($0, for: .rub) }
    }

    /// Committed before the provider hears of it.
    private func invoice(_ amount: Int, _ method: PaymentMethod, key: String?, of user: Int) async throws -> PaymentInvoice {
        let new = InvoiceQueries.insert(
            user, payment: .v7(), method, amount: amount, stars: method == .telegramStars ? stars(amount) : nil, key: key)
        if let invoice = try await database.first(new) { return invoice }
        guard let key, let known = try await database.first(InvoiceQueries.invoice(of: user, key: key)),
            known.amount == amount, known.method == method
        else { throw UrgentProblem.idempotencyConflict }
        return known
    }

    /// Where a payment of one's own stands.
    func standing(_ id: Int, of user: Int) async throws -> PaymentStanding {
        guard let standing = try await database.first(InvoiceQueries.standing(id, of: user)) else {
            throw UrgentProblem.paymentNotFound
        }
        return standing
    }

    // MARK: Without paying

    /// Money at once, for machines of developers. Of the same key once.
    func give(_ amount: Int, key: String?, to user: Int, account: UUID) async throws -> RechargeView {
        precondition(terms.isFree, "money for nothing")
        try await users.refuseBlocked(user)
        let wallet = LedgerAccount.wallet(Scope("user", account), .rub)
        let key = "urgent:dev:\(user):\(key ?? UUID.v7().description)"
        return try await database.transaction { _ in
            let source = LedgerAccount(owner: .platform, code: "urgent.dev", unit: Currency.rub.code)
            let isNew = try await payments.wallets.fill(
                Int64(amount) * 100, of: wallet, from: source,
                Wallets.Reason("urgent", Scope("user", account), key: key, description: "DEV_RECHARGE"))
            let movement = try await database.one(BalanceQueries.movement(key, of: wallet.id))
            guard movement.amount == amount else { throw UrgentProblem.idempotencyConflict }
            if isNew {
                try await events.publish(
                    .balanceChanged(BalanceNews(user: user, delta: amount, balance: movement.balance, reason: .recharge)))
            }
            return RechargeView(pending: nil, balance: movement.balance, transaction: movement.id)
        }
    }
}

/// `urgent.balance_changed`: what the owner of a balance hears.
struct BalanceNews: WireOutput {
    let user: Int
    let delta: Int
    let balance: Int
    let reason: MovementType
    var payment: Int?

    static let shape = Shape<BalanceNews>(
        output: "UrgentBalanceNews",
        Field("user", { $0.user }), Field("delta", { $0.delta }), Field("balance", { $0.balance }),
        Field("reason", { $0.reason }), Field("payment", { $0.payment }))
}

extension Event {
    static func balanceChanged(_ news: BalanceNews) -> Event {
        Event("urgent.balance_changed", "urgent_user", nil, data: JSONText(encoding: news))
    }
}
