import Service
import Values

/// What a product has begun for somebody who pays by the product's own routes.
package struct BegunPayment: Sendable {
    package let payment: Payment
    /// How he goes on at the provider.
    package let checkout: Checkout
}

extension Payments {
    /// Begins a payment of a purpose that is a product's own, as `POST /payments/create` does, in no transaction: the same
    /// effect is the same payment, however often it is asked for.
    ///
    /// - Parameters:
    ///   - amount: what the payer wishes to pay; the purpose says whether he may.
    ///   - returnURL: where he goes afterwards; the product's own word, and so not compared with RETURN_HOSTS.
    /// - Throws: `payments_not_configured`, `provider_unavailable`, `provider_refused`, and the purpose's own refusals.
    package func begin(
        _ purpose: String, _ object: UUID, _ amount: Money, through provider: String, as payer: Caller, returnURL: String?,
        effect: Effect
    ) async throws -> BegunPayment {
        let order = PaymentOrder(
            purpose: purpose, purposeID: object, amount: amount.decimal, currency: amount.currency, provider: provider,
            method: nil, savedMethodID: nil, savesMethod: false, usesBonus: nil, returnURL: returnURL, proof: nil)
        let begun = try await PaymentOperations.asking { try await create(order, by: payer, as: effect).payment }
        return BegunPayment(payment: begun.payment, checkout: begun.attempt.map(vault.open) ?? .none)
    }

    /// Whether payments may go by a provider at the moment.
    package func offers(_ provider: String, for currency: Currency) -> Bool {
        providers.publicKeys(for: currency).contains { $0.name == provider }
    }
}
