import Invoices
import Service
import Values

/// Paying what a debtor owes without naming an invoice: at most what is open, oldest due first. The object is the debtor.
struct BalancePurpose: PaymentPurpose {
    let invoices: Invoices
    let name = "balance"

    /// Of several issuers or currencies, those of the oldest invoice: one payment has one payee.
    func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        let open = try await invoices.open(of: object).filter {
            $0.isPayable(by: caller) && (wish.currency == nil || wish.currency == $0.currency)
        }
        guard let oldest = open.first else {
            throw isDebtor(caller, object) ? PaymentProblem.alreadyPaid.problem : HouseProblem.notFound.problem
        }
        let alike = open.filter { $0.currency == oldest.currency && $0.parties.issuer == oldest.parties.issuer }
        let balance = try alike.map { Money(minor: $0.state.balance, currency: $0.currency) }.sum(in: oldest.currency)
        let amount = try wish.part(of: balance)
        return PaymentQuote(
            product: oldest.product, amount: amount, scope: oldest.parties.scope,
            payee: oldest.parties.issuer, lockKey: "balance:\(object)", lifetime: InvoicePurpose.lifetime,
            description: alike.compactMap(\.number).prefix(5).joined(separator: ", "), parts: Self.parts(of: amount, among: alike))
    }

    /// Which invoices it would pay if it came now, the oldest first.
    private static func parts(of amount: Money, among open: [Invoice]) -> [PaymentPart] {
        var left = amount.minor
        return open.compactMap { invoice in
            let part = min(left, invoice.state.balance)
            left -= part
            return part > 0 ? PaymentPart(object: invoice.id.uuid, amount: part) : nil
        }
    }

    func settle(_ payment: Payment) async throws -> Int64 {
        let oldest = try await invoices.open(of: payment.purposeID).first {
            $0.currency == payment.state.amount.currency && $0.parties.issuer == payment.payee
        }
        guard let oldest else { return 0 }
        return try await invoices.spread(payment.received, for: oldest.id, payment: payment.id.uuid).taken
    }

    func takeBack(_ money: Money, of payment: Payment) async throws {
        try await invoices.takeBack(money.minor, of: payment.id.uuid)
    }

    private func isDebtor(_ caller: Caller, _ object: UUID) -> Bool {
        caller.userID == object || invoices.kinds.scopeTypes.contains { caller.can(.invoicesPay, on: [Scope($0, object)]) }
    }
}
