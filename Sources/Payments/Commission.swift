import Service
import Values

/// The platform's share of a payment: a fixed part and a percentage, rounded half up, within bounds, never more than the
/// amount.
package struct Commission: Equatable, Sendable {
    /// In the payment's minor units.
    package let fixed: Int64
    package let percent: Percent
    /// No less is withheld, in the payment's minor units.
    package let minimum: Int64
    /// Nor more.
    package let maximum: Int64?

    package init(fixed: Int64, percent: Percent, minimum: Int64 = 0, maximum: Int64? = nil) {
        self.fixed = fixed
        self.percent = percent
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Nothing is withheld.
    package static let none = Commission(fixed: 0, percent: 0)

    package func share(of amount: Money) throws(ArithmeticError) -> Int64 {
        let share = try Money(minor: fixed, currency: amount.currency) + amount.part(percent)
        return min(max(share.minor, minimum, 0), maximum ?? .max, amount.minor)
    }
}

/// How a product decides on commission: its payee's own terms, else the platform's.
package struct CommissionPolicy: Sendable {
    package typealias Standard = nonisolated(nonsending) @Sendable () async throws -> Commission
    /// What a payee has agreed, given the platform's own terms; nil where these hold.
    package typealias Terms = nonisolated(nonsending) @Sendable (_ payee: Scope, Standard) async throws -> Commission?
    let standard: Standard
    let terms: Terms

    /// - Parameter standard: asked in the settling transaction, so that what operators have set holds from then on.
    package init(standard: @escaping Standard, terms: @escaping Terms = { _, _ in nil }) {
        self.standard = standard
        self.terms = terms
    }

    package init(standard: Commission) { self.init(standard: { standard }) }

    package static let none = CommissionPolicy(standard: .none)

    func commission(for payee: Scope) async throws -> Commission {
        if let agreed = try await terms(payee, standard) { return agreed }
        return try await standard()
    }
}
