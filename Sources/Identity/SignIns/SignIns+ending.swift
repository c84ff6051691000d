import Crypto
import Postgres
import Service
import Values

extension SignIns {
    /// Ends the sign-in that a refresh token or the caller's access token belongs to, or all of that user's. Answers how
    /// many were ended; none for whoever proves nothing.
    func signOut(refreshToken: String?, principal: Principal?, everywhere: Bool, from origin: Origin) async throws -> Int {
        try await database.transaction { _ in
            guard let (user, family) = try await named(refreshToken, principal) else { return 0 }
            let now = clock.now()
            let count =
                everywhere
                ? try await endAll(of: user, reason: "logout", at: now)
                : try await end([family], reason: "logout", at: now).count
            if count > 0 {
                let actor = AuditActor(
                    id: user.uuid, kind: .user, name: principal?.name ?? user.description, address: origin.address,
                    client: origin.client, requestID: origin.requestID)
                await audit.record(AuditEntry("sign_out", "user", user.description), by: actor)
            }
            return count
        }
    }

    /// Whose sign-in is to be ended, with the account's row locked.
    private func named(_ refreshToken: String?, _ principal: Principal?) async throws
        -> (ID<User>, ID<RefreshToken.Family>)?
    {
        if let token = refreshToken.flatMap({ Token(base64URL: $0) }),
            let user = try await database.first(RefreshTokenQueries.lockOwner(hash: token.digest)),
            let row = try await database.first(RefreshTokenQueries.find(hash: token.digest)) {
            return (user.id, row.family)
        }
        guard let principal, let family = principal.sessionID,
            let user = try await database.first(UserQueries.lock(ID(principal.userID)))
        else { return nil }
        return (user.id, ID(family))
    }

    /// The sign-ins of a user that still live.
    func live(of user: ID<User>) async throws -> [LiveFamily] {
        try await database.all(RefreshTokenQueries.live(of: user, at: clock.now()))
    }

    /// Ends one sign-in of a user; false when it is not his or over.
    func end(_ family: ID<RefreshToken.Family>, of user: ID<User>, by actor: AuditActor) async throws -> Bool {
        try await database.transaction { _ in
            _ = try await database.first(UserQueries.lock(user))
            guard try await live(of: user).contains(where: { $0.id == family }) else { return false }
            let ended = try await end([family], reason: "ended_by_user", at: clock.now())
            await audit.record(AuditEntry("sign_out", "user", user.description), by: actor)
            return !ended.isEmpty
        }
    }

    /// Ends every sign-in of a user, save one. His row is locked before.
    @discardableResult
    func endAll(of user: ID<User>, except kept: ID<RefreshToken.Family>? = nil, reason: String, at now: Instant)
        async throws -> Int
    {
        let families = try await database.all(RefreshTokenQueries.live(of: user, at: now)).map(\.id)
        return try await end(families.filter { $0 != kept }, reason: reason, at: now).count
    }

    /// One more family than the limit ends the oldest.
    func endOldest(of user: ID<User>, at now: Instant) async throws {
        let families = try await database.all(RefreshTokenQueries.live(of: user, at: now)).map(\.id)
        try await end(Array(families.dropFirst(RefreshToken.familiesPerUser - 1)), reason: "too_many", at: now)
    }

    /// Ends families here at once, when the transaction has committed, and everywhere by the database's notification.
    @discardableResult
    func end(_ families: [ID<RefreshToken.Family>], reason: String, at now: Instant) async throws
        -> [ID<RefreshToken.Family>]
    {
        if families.isEmpty { return [] }
        let ended = try await database.all(RefreshTokenQueries.end(families, reason: reason, at: now)).map(\.id)
        database.afterCommit { [authenticator] in
            for family in ended { authenticator.forget(.family(family.uuid)) }
        }
        return ended
    }
}
