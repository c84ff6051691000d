import Service
import Values

/// The platform's share of a payment: a fixed part and a percentage, rounded half up, never more than the amount.
package struct Commission: Equatable, Sendable {
    /// In the payment's minor units.
    package let fixed: Int64
    package let percent: Percent

    package init(fixed: Int64, percent: Percent) {
        self.fixed = fixed
        self.percent = percent
    }

    /// Nothing is withheld.
    package static let none = Commission(fixed: 0, percent: 0)

    package func share(of amount: Money) throws(ArithmeticError) -> Int64 {
        let share = try Money(minor: fixed, currency: amount.currency) + amount.part(percent)
        return min(max(share.minor, 0), amount.minor)
    }
}

/// How a product decides on commission: its payee's own terms, else the platform's.
package struct CommissionPolicy: Sendable {
    package typealias Terms = nonisolated(nonsending) @Sendable (_ payee: Scope) async throws -> Commission?
    let standard: Commission
    let terms: Terms

    package init(standard: Commission, terms: @escaping Terms = { _ in nil }) {
        self.standard = standard
        self.terms = terms
    }

    package static let none = CommissionPolicy(standard: .none)

    func commission(for payee: Scope) async throws -> Commission { try await terms(payee) ?? standard }
}
