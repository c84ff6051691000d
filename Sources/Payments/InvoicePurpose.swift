import Invoices
import Service
import Values

/// Paying an invoice online: by its debtor, the balance unless he names a part of it, in its own currency.
struct InvoicePurpose: PaymentPurpose {
    static let lifetime = Duration.seconds(24 * 3600)

    let invoices: Invoices
    let name = "invoice"

    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        guard let invoice = try await invoices.invoice(ID(object)), invoice.isVisible(to: caller) else {
            throw HouseProblem.notFound.problem
        }
        guard invoice.isPayable(by: caller) else { throw HouseProblem.forbidden.problem }
        guard invoice.state.status.isOpen else {
            throw invoice.state.status == .paid ? PaymentProblem.alreadyPaid : .invalidState
        }
        return PaymentQuote(
            product: invoice.product, amount: try amount(wish, of: invoice), scope: invoice.parties.scope,
            payee: invoice.parties.issuer, lockKey: "invoice:\(object)", lifetime: Self.lifetime,
            description: invoice.number ?? "")
    }

    func settle(_ money: Money, for object: UUID, payment: UUID) async throws -> Int64 {
        try await invoices.spread(money, for: ID(object), payment: payment).taken
    }

    func takeBack(_ money: Money, for object: UUID, payment: UUID) async throws {
        try await invoices.takeBack(money.minor, of: payment)
    }

    private func amount(_ wish: PaymentWish, of invoice: Invoice) throws -> Money {
        let balance = Money(minor: invoice.state.balance, currency: invoice.currency)
        if let currency = wish.currency, currency != invoice.currency {
            throw PaymentProblem.amountMismatch.expecting(balance)
        }
        guard let wanted = wish.amount else { return balance }
        guard let minor = wanted.minorUnits(of: invoice.currency), minor > 0 else {
            throw PaymentProblem.amountMismatch.expecting(balance)
        }
        guard minor <= balance.minor else { throw PaymentProblem.amountExceedsBalance.expecting(balance) }
        return Money(minor: minor, currency: invoice.currency)
    }
}
