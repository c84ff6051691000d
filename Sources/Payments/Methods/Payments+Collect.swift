import Service
import Values

extension Payments {
    /// Pays for something by a saved method while its owner is away: for what he has agreed to pay again and again. Asks
    /// outside, in no transaction; the same effect is the same payment, however often it is tried.
    ///
    /// - Parameter payer: the owner of the method, with what it takes to pay for the object.
    package func collect(
        _ purpose: String, _ object: UUID, as payer: Principal, by method: ID<SavedMethod>, effect: UUID
    ) async throws {
        let order = PaymentOrder(
            purpose: purpose, purposeID: object, amount: nil, currency: nil, provider: nil, method: nil,
            savedMethodID: method, savesMethod: false, usesBonus: nil, returnURL: nil, proof: nil)
        let effect = Effect(id: effect, isContinued: true)
        let begun = try await create(order, by: Caller(principal: payer), as: effect).payment
        _ = try await settle(begun.payment.id)
    }
}
