import Identity
import Payments
import Postgres
import Service
import Values

/// Filling a balance: the object is the payment of an invoice of the payer's own, and costs what that says.
struct RechargePurpose: PaymentPurpose {
    static let name = "urgent_balance"

    let database: Database
    let ledger: Ledger
    let events: Outbox
    let audit: Audit
    var name: String { Self.name }
    /// An invoice is paid once, by the payment whose number was drawn with it.
    let isForPayers = false
    /// What is in a balance may be spent by now: staff take it out of it first.
    let isRefundable = false

    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        guard let invoice = try await database.first(InvoiceQueries.invoice(ofPayment: object)),
            invoice.accountID == (try caller.user())
        else { throw HouseProblem.notFound.problem }
        caller.decidedByOwnership()
        let owner = Scope("user", invoice.accountID)
        return PaymentQuote(
            product: "urgent", amount: invoice.money, scope: owner, payee: owner, lockKey: "urgent:\(object)",
            lifetime: .minutes(30), description: "Пополнение баланса \(invoice.amount) ₽")
    }

    /// Whoever began it pays it, and he may have another account by then: the money is that one's. Nobody comes with another until it
    /// is there. Who has left his account and not come again has none of his own: then it stays that account's.
    func payee(of payment: Payment) async throws -> Scope {
        let account = try await database.first(InvoiceQueries.payersAccount(of: payment.id.uuid))
        return account.map { Scope("user", $0) } ?? payment.payee
    }

    func beneficiary(of payment: Payment) -> LedgerAccount { .wallet(payment.payee, payment.state.amount.currency) }

    /// The posting itself fills the wallet; whoever is to hear of it hears by the payment's event.
    func settle(_ payment: Payment) async throws -> Int64 { payment.received.minor }

    /// Staff who give a payment back have taken it out of the wallet before. Where the provider has given it back by itself,
    /// as much is taken as the wallet has; the rest its owner owes.
    func takeBack(_ money: Money, of payment: Payment) async throws {
        let wallet = beneficiary(of: payment)
        let standing = try await database.one(BalanceQueries.returned(of: payment.id.uuid, from: wallet.id))
        let missing = money.minor - standing.taken
        guard missing > 0, let invoice = try await database.first(InvoiceQueries.invoice(ofPayment: payment.id.uuid)) else { return }
        let part = min(missing, max(standing.balance, 0))
        await audit.record(
            AuditEntry(
                "payment_given_back_outside", "payment", String(invoice.id), product: "urgent",
                details: [("taken", .number(part / 100)), ("owed", .number((missing - part) / 100))]),
            by: AuditActor(id: nil, kind: .provider, name: payment.provider ?? ""))
        guard part > 0 else { return }
        try await ledger.post(
            NewTransaction(
                kind: "payment_refund", product: "urgent", object: Scope("payment", payment.id.uuid),
                idempotencyKey: "urgent:payment_refund:outside:\(payment.id)",
                postings: [Posting(wallet, -part), Posting(.payable(payment.payee, money.currency), part)]))
        guard let holder = try await database.first(InvoiceQueries.holder(ofPayment: payment.id.uuid)) else { return }
        try await events.publish(
            .balanceChanged(
                BalanceNews(
                    user: holder.id, delta: -Int(part / 100), balance: Int((standing.balance - part) / 100),
                    reason: .paymentRefund, payment: invoice.id)))
    }
}
