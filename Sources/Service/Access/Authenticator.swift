import Runtime
import Values

/// Turns a bearer token into a principal. Identity has the one implementation.
package protocol Authenticator: Sendable {
    /// What is known of a token without asking anybody: signature verified before, user and grants in memory and not
    /// invalidated since. On the hot path of every request: no lock, no allocation.
    ///
    /// - Parameter token: the bytes after `Bearer `, valid during the call only.
    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal?

    /// Verifies a token in full. Nil when it proves nothing (any more); throws when the answer cannot be had
    /// (the database is away).
    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal?
}
