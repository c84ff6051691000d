import Service
import Values

extension Payments {
    /// Begins to pay for something in the name of whoever asks another module for it. Outside of transactions; throws what
    /// creating a payment does, `OutsideFailure` and `ProviderRefusal`.
    ///
    /// - Parameter effect: of the request: one that is continued goes on with the payment that it has begun.
    package func begin(
        _ purpose: String, _ object: UUID, provider: String?, savedMethod: ID<SavedMethod>?, returnURL: String?, by caller: Caller,
        as effect: Effect
    ) async throws -> PaymentView {
        let order = PaymentOrder(
            purpose: purpose, purposeID: object, amount: nil, currency: nil, provider: provider, method: nil,
            savedMethodID: savedMethod, savesMethod: nil, usesBonus: nil, returnURL: returnURL, proof: nil)
        return try await view(try await create(order, by: caller, as: effect).payment)
    }
}
