import Service
import Values

/// Who pays for short messages of a product's scopes, a credit a segment. A product registers one for the types of scope whose
/// messages cost; messages of other scopes cost nothing.
///
/// Every call is repeatable under its message's id.
package protocol CreditMeter: Sendable {
    var scopeTypes: Set<ScopeType> { get }
    /// Sets credits aside for a message; throws `MessagingProblem.creditsInsufficient`. In the caller's transaction.
    func reserve(_ credits: Int, of scope: Scope, for message: UUID) async throws
    /// Sets credits aside for many messages, or for none of them; throws as for one. In the caller's transaction.
    func reserve(_ credits: [(message: UUID, credits: Int)], of scope: Scope) async throws
    /// The message has been taken: the credits are spent. In the caller's transaction.
    func commit(_ message: UUID) async throws
    /// The message was not taken: the credits go back. In the caller's transaction.
    func release(_ message: UUID) async throws
}
