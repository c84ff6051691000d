import Values

/// One refresh token as it is stored: a link in the chain of a sign-in, its family.
///
/// A token is exchanged once for its successor. The same token again, within ten seconds and from the same client, is an
/// answer that got lost or a second tab, and gets the same successor; later or from elsewhere it is a stolen copy, and
/// the whole family ends.
package struct RefreshToken: Hashable, Sendable {
    package let id: ID<RefreshToken>
    package let user: ID<User>
    package let family: ID<Family>
    package let sequence: Int
    /// To whom it was given; once it is used, who used it: its owner may have moved to another network by then.
    package private(set) var client: String?
    package private(set) var address: String?
    package let createdAt: Instant
    package let expiresAt: Instant
    package private(set) var usedAt: Instant?
    package private(set) var revokedAt: Instant?

    /// A sign-in and everything that was exchanged out of it.
    package enum Family {}

    package static let life = Duration.days(7)
    package static let grace = Duration.seconds(10)
    package static let familiesPerUser = 10

    /// What presenting a token leads to.
    package enum Action: Equatable, Sendable {
        /// Mark it used and store the successor.
        case rotate(sequence: Int)
        /// Hand out the successor that exists already.
        case repeatSuccessor(sequence: Int)
        /// It was copied: end the family.
        case endFamily
        /// It is over: revoked or expired.
        case refuse
    }

    /// Somebody presents the token.
    package mutating func present(at now: Instant, client: String?, address: String?) -> Action {
        if revokedAt != nil { return .refuse }
        if let usedAt {
            let isSameClient = client == self.client && address == self.address
            return isSameClient && now - usedAt <= Self.grace ? .repeatSuccessor(sequence: sequence + 1) : .endFamily
        }
        guard now < expiresAt else { return .refuse }
        usedAt = now
        self.client = client
        self.address = address
        return .rotate(sequence: sequence + 1)
    }

    /// The next of the family, with a life of its own.
    package func successor(at now: Instant, life: Duration) -> RefreshToken {
        RefreshToken(
            id: .new(), user: user, family: family, sequence: sequence + 1, client: client, address: address,
            createdAt: now, expiresAt: now + life, usedAt: nil, revokedAt: nil)
    }

    /// The first of a new family.
    package static func first(
        of user: ID<User>, client: String?, address: String?, at now: Instant, life: Duration
    ) -> RefreshToken {
        RefreshToken(
            id: .new(), user: user, family: .new(), sequence: 0, client: client, address: address,
            createdAt: now, expiresAt: now + life, usedAt: nil, revokedAt: nil)
    }
}
