import Service
import Values

/// What a product does with payments by routes of its own.
extension Payments {
    /// Begins a payment of a purpose as `POST /payments/create` does, in no transaction.
    ///
    /// - Parameters:
    ///   - amount: what the payer wishes to pay, where that is his to say; the purpose judges it.
    ///   - returnURL: where he goes afterwards; the product's own word, and so not compared with RETURN_HOSTS.
    ///   - effect: one that is continued goes on with the payment that it has begun, whatever has become of it.
    /// - Throws: `payments_not_configured`, `provider_unavailable`, `provider_refused`, and the purpose's own refusals.
    package func begin(
        _ purpose: String, _ object: UUID, _ amount: Money? = nil, through provider: String?,
        savedMethod: ID<SavedMethod>? = nil, returnURL: String?, by payer: Caller, as effect: Effect
    ) async throws -> PaymentView {
        let order = PaymentOrder(
            purpose: purpose, purposeID: object, amount: amount?.decimal, currency: amount?.currency, provider: provider,
            method: nil, savedMethodID: savedMethod, savesMethod: nil, usesBonus: nil, returnURL: returnURL, proof: nil)
        return try await PaymentOperations.asking { try await view(try await create(order, by: payer, as: effect).payment) }
    }

    /// Whether payments may go by a provider at the moment.
    package func offers(_ provider: String, for currency: Currency) -> Bool {
        providers.publicKeys(for: currency).contains { $0.name == provider }
    }
}
