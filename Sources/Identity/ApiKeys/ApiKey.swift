import Crypto
import Service
import Values

/// A program's own credentials: a part of its owner's permissions, on one scope.
package struct ApiKey: Sendable {
    package let id: ID<ApiKey>
    package let createdAt: Instant
    package let owner: ID<User>
    package let name: String
    package internal(set) var prefix: String
    package internal(set) var secretHash: [UInt8]
    package internal(set) var previousHash: [UInt8]?
    package internal(set) var previousUntil: Instant?
    package let codes: [String]
    package let scope: Scope
    package let lastUsedAt: Instant?
    package let expiresAt: Instant?
    package internal(set) var revokedAt: Instant?

    /// So long the old secret works beside the new one.
    static let overlap = Duration.hours(24)
    static let longestLife = Duration.days(366)
    static let perUser = 50

    func isLive(at now: Instant) -> Bool { revokedAt == nil && expiresAt.map { now < $0 } ?? true }

    /// Whether the secret opens it now.
    func accepts(_ secret: Token, at now: Instant) -> Bool {
        guard isLive(at: now) else { return false }
        let digest = secret.digest
        if ConstantTime.equal(digest, secretHash) { return true }
        guard let previousHash, let previousUntil, now < previousUntil else { return false }
        return ConstantTime.equal(digest, previousHash)
    }

    /// Gets a new secret under the same prefix; the old one has its overlap.
    mutating func rotate(to secret: Token, at now: Instant) {
        previousHash = secretHash
        previousUntil = now + Self.overlap
        secretHash = secret.digest
    }

    /// When what was found out about the key must be found out anew at the latest.
    func knownUntil(_ now: Instant) -> Instant {
        [now + .minutes(1), expiresAt, previousUntil.flatMap { $0 > now ? $0 : nil }].compactMap { $0 }.min()!
    }
}
