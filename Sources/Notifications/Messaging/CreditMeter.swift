import Service
import Values

/// Who pays for short messages of scopes, a credit a segment. A product registers one for the types of scope whose messages
/// cost; messages of other scopes cost nothing.
///
/// Every call is in the caller's transaction, and repeatable under its messages' ids; those about one message come one after the
/// other. Messages that a meter has set nothing
/// aside for are none of its: it leaves them alone.
package protocol CreditMeter: Sendable {
    /// Whose messages it may have to pay for.
    var scopeTypes: Set<ScopeType> { get }
    /// Sets credits aside for all messages, or for none of them; throws `MessagingProblem.creditsInsufficient`.
    func reserve(_ messages: [MessageCredits], of scope: Scope) async throws
    /// The messages have been taken: their credits are spent.
    func commit(_ messages: [UUID]) async throws
    /// The messages were not taken, or did not arrive: their credits go back, also when they had been spent.
    func release(_ messages: [UUID]) async throws
}

/// What a short message costs.
package struct MessageCredits: Sendable {
    package let message: UUID
    package let credits: Int

    package init(_ message: UUID, _ credits: Int) {
        self.message = message
        self.credits = credits
    }
}
