import Postgres
import Runtime
import Service
import Synchronization
import Values

/// Tells from a bearer token who calls: an access token or an API key.
///
/// What was verified once is remembered by the loop that verified it, until the database tells of a change. While it
/// cannot tell (its notifications do not arrive), nothing is remembered and every request asks it.
package final class BearerAuthenticator: Authenticator {
    private let database: Database
    private let tokens: AccessTokens
    private let roles: RoleBook
    private let apiKeys: ApiKeyProof
    private let scopes: ScopeTree
    private let locks: ScopeLocks
    private let enforcesPasswordChange: Bool
    private let caches: [SessionCache]
    private let isInformed = Atomic<Bool>(false)
    /// Whose tokens beside our own are taken.
    private let clerk = Mutex<ClerkAccounts?>(nil)

    /// - Parameter loops: how many loops the process has; a loop's index finds its cache.
    init(
        database: Database, tokens: AccessTokens, roles: RoleBook, apiKeys: ApiKeyProof, scopes: ScopeTree, locks: ScopeLocks,
        enforcesPasswordChange: Bool, loops: Int, capacity: Int = 8192
    ) {
        self.database = database
        self.tokens = tokens
        self.roles = roles
        self.apiKeys = apiKeys
        self.scopes = scopes
        self.locks = locks
        self.enforcesPasswordChange = enforcesPasswordChange
        caches = (0..<max(1, loops)).map { _ in SessionCache(capacity: capacity) }
    }

    package func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? {
        guard isInformed.load(ordering: .acquiring) else { return nil }
        return caches[loop.index].find(token, at: now)
    }

    package func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        let cache = caches[loop.index]
        cache.forgetWhatChanged()
        let generation = cache.generation
        guard let session = try await session(token, on: loop, at: now) else { return nil }
        if isInformed.load(ordering: .acquiring) { cache.insert(session, loadedAt: generation) }
        return session.principal
    }

    /// Every loop forgets it before this returns to the caller.
    package func forget(_ change: Invalidation) {
        for cache in caches { cache.box.post(change) }
    }

    /// Whether the database's notifications arrive. What was remembered before may be out of date in either case.
    package func setInformed(_ isInformed: Bool) {
        self.isInformed.store(false, ordering: .releasing)
        forget(.everything)
        self.isInformed.store(isInformed, ordering: .releasing)
    }

    /// Takes session tokens of Clerk, too. Before anybody is served.
    func accept(_ clerk: ClerkAccounts) { self.clerk.withLock { $0 = clerk } }

    private func session(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Session? {
        if ApiKeyText.isOne(token) { return try await apiKeys.session(token, at: now, placing: placing) }
        // Ours are signed by another algorithm.
        if let clerk = clerk.withLock({ $0 }), let foreign = ClerkToken(token) {
            return try await session(foreign, text: token, clerk, on: loop, at: now)
        }
        guard let claims = try await tokens.verify(token, at: now) else { return nil }
        let rows = try await database.all(SessionQueries.state(of: claims.user, family: claims.family))
        guard let state = rows.first, state.maySignIn, !state.isFamilyRevoked, state.tokenVersion == claims.version
        else { return nil }
        let grants = try await placing(rows.compactMap(\.grant).compactMap(roles.grant))
        let principal = Principal(
            kind: .user, userID: claims.user.uuid, name: state.name, grants: grants, sessionID: claims.family.uuid,
            expiresAt: claims.expiresAt + AccessClaims.leeway,
            mustChangePassword: enforcesPasswordChange && state.mustChangePassword)
        return Session(token: token, principal: principal, apiKey: nil, knownUntil: principal.expiresAt)
    }

    /// Of somebody whom Clerk vouches for. That is one proof, given who knows where: it opens no account that asks for a second
    /// one, and none of staff who may act from some networks only.
    private func session(
        _ token: ClerkToken, text: String, _ clerk: ClerkAccounts, on loop: EventLoop, at now: Instant
    ) async throws -> Session? {
        guard let (user, until) = try await clerk.owner(of: token, on: loop, at: now), user.maySignIn, user.twoFactor == .none
        else { return nil }
        let stored = try await database.all(GrantQueries.live(of: user.id)).map(\.stored)
        guard clerk.admitsStaff || !stored.contains(where: { $0.scope == .platform }) else { return nil }
        try await clerk.noteActivity(of: user, at: now)
        let grants = try await placing(stored.compactMap(roles.grant))
        let principal = Principal(
            kind: .user, userID: user.id.uuid, name: user.name, grants: grants, sessionID: nil, expiresAt: until,
            mustChangePassword: enforcesPasswordChange && user.mustChangePassword)
        return Session(token: text, principal: principal, apiKey: nil, knownUntil: until)
    }

    /// What stands above a grant matters only to locks and denials, which few meet: without any, nobody asks. The first
    /// lock makes all loops forget what they know (`Gates.reload`).
    private func placing(_ grants: [Grant]) async throws -> [Grant] {
        if locks.isEmpty, !grants.contains(where: { $0.permissions.holdsDenials }) { return grants }
        return try await scopes.placing(grants)
    }
}
