import Service
import Values

/// How payouts leave: by hand, or through somebody who transfers.
package protocol PayoutTransfer: Sendable {
    /// Where the money leaves from: `bank`, a provider's name.
    var name: String { get }

    /// Whether it can bring money of a currency to an account.
    func takes(_ currency: Currency, to account: PayoutAccount) -> Bool

    /// Transfers, once per key. Whatever it throws tells nothing: the money may be on its way.
    func transfer(_ payout: PayoutOrder) async throws -> PayoutAnswer
    /// What became of a transfer under its key; nil when nobody ever heard of it.
    func find(_ payout: PayoutOrder) async throws -> PayoutAnswer?
}

/// A payout as it is to be transferred.
package struct PayoutOrder: Sendable {
    package let payee: Scope
    package let number: String
    package let key: UUID
    package let amount: Money
    /// Nil where the payee has none and needs none.
    package let account: PayoutAccount?
    /// What is known of it there.
    package let providerID: String?
}

package enum PayoutAnswer: Equatable, Sendable {
    case done(String)
    /// Accepted and not yet done; it is asked again.
    case pending(String)
    /// Refused for good: nothing has left.
    case refused(String)
}
