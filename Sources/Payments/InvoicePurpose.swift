import Invoices
import Service
import Values

/// Paying an invoice online: by its debtor, the balance unless he names a part of it, in its own currency. Of a balance
/// above what one payment may be, as much as that.
struct InvoicePurpose: PaymentPurpose {
    static let lifetime = Duration.seconds(24 * 3600)

    let invoices: Invoices
    let name = "invoice"
    /// Where a product gives proofs to those who owe it something and have no account.
    var takesGuests: Bool { invoices.kinds.takeGuests }

    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        guard let invoice = try await invoices.invoice(ID(object)) else { throw HouseProblem.notFound.problem }
        let guest = try await invoices.guest(wish.proof, of: invoice)
        guard guest != nil || invoice.isVisible(to: caller) else { throw HouseProblem.notFound.problem }
        guard guest != nil || invoice.isPayable(by: caller) else { throw HouseProblem.forbidden.problem }
        guard invoice.state.status.isOpen else {
            throw invoice.state.status == .paid ? PaymentProblem.alreadyPaid : .invalidState
        }
        return PaymentQuote(
            product: invoice.product,
            amount: try wish.part(of: Money(minor: invoice.state.balance, currency: invoice.currency)),
            scope: invoice.parties.scope, payee: invoice.parties.issuer, lockKey: "invoice:\(object)", lifetime: Self.lifetime,
            description: invoice.number ?? "",
            guest: caller.userID == nil ? guest.map { GuestPayer(name: $0.name, email: $0.email, phone: $0.phone) } : nil)
    }

    func due(_ object: UUID) async throws -> PaymentDue? {
        guard let invoice = try await invoices.invoice(ID(object)), invoice.state.status.isOpen else { return nil }
        return PaymentDue(
            Money(minor: invoice.state.balance, currency: invoice.currency), for: invoice.number ?? "", on: invoice.state.dueOn)
    }

    func settle(_ payment: Payment) async throws -> Int64 {
        try await invoices.spread(payment.received, for: ID(payment.purposeID), payment: payment.id.uuid).taken
    }

    func takeBack(_ money: Money, of payment: Payment) async throws {
        try await invoices.takeBack(money.minor, of: payment.id.uuid)
    }
}

extension PaymentWish {
    /// The price itself, for what has one price: another amount or currency is refused with what was expected.
    package func whole(of price: Money) throws -> Money {
        let isOther = amount.map { $0.minorUnits(of: price.currency) != price.minor } ?? false
        if isOther || (currency.map { $0 != price.currency } ?? false) { throw PaymentProblem.amountMismatch.expecting(price) }
        return price
    }

    /// What is paid of a balance: all of it, or the part that was named. Never more, never in another currency.
    func part(of balance: Money) throws -> Money {
        if let currency, currency != balance.currency { throw PaymentProblem.amountMismatch.expecting(balance) }
        guard let amount else {
            return Money(
                minor: min(balance.minor, PaymentBounds.most(in: balance.currency).minor), currency: balance.currency)
        }
        guard let minor = amount.minorUnits(of: balance.currency), minor > 0 else {
            throw PaymentProblem.amountMismatch.expecting(balance)
        }
        guard minor <= balance.minor else { throw PaymentProblem.amountExceedsBalance.expecting(balance) }
        return Money(minor: minor, currency: balance.currency)
    }
}
