import Payments
import Postgres
import Service
import Values

/// Filling a balance: the object is the payment of an invoice of the payer's own, and costs what that says.
struct RechargePurpose: PaymentPurpose {
    static let name = "urgent_balance"

    let database: Database
    var name: String { Self.name }
    /// What is in a balance may be spent by now: staff take it out of it first.
    let isRefundable = false

    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        guard let invoice = try await database.first(InvoiceQueries.invoice(ofPayment: object)),
            invoice.accountID == (try caller.user())
        else { throw HouseProblem.notFound.problem }
        caller.decidedByOwnership()
        // An invoice is paid once.
        if invoice.isBegun { throw PaymentProblem.alreadyPaid }
        let owner = Scope("user", invoice.accountID)
        return PaymentQuote(
            product: "urgent", amount: invoice.money, scope: owner, payee: owner, lockKey: "urgent:\(object)",
            lifetime: .minutes(30), description: "Пополнение баланса \(invoice.amount) ₽")
    }

    func beneficiary(of payment: Payment) -> LedgerAccount { .wallet(payment.payee, payment.state.amount.currency) }

    /// The posting itself fills the wallet; whoever is to hear of it hears by the payment's event.
    func settle(_ payment: Payment) async throws -> Int64 { payment.received.minor }

    /// Staff who give a payment back have taken it out of the wallet before.
    func takeBack(_ money: Money, of payment: Payment) async throws {}
}
