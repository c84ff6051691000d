import Postgres
import Service
import Values

/// Tells from an API key whom it stands for and what it may: what its codes name and its owner has, where its scope
/// reaches.
struct ApiKeyProof: Sendable {
    let database: Database
    let roles: RoleBook
    let scopes: ScopeTree

    func session(_ text: String, at now: Instant, placing: ([Grant]) async throws -> [Grant]) async throws -> Session? {
        guard let given = ApiKeyText(text), let key = try await database.first(ApiKeyQueries.find(prefix: given.prefix)),
            key.accepts(given.secret, at: now)
        else { return nil }
        let rows = try await database.all(SessionQueries.state(of: key.owner, family: nil))
        guard let owner = rows.first, owner.maySignIn else { return nil }
        var grants: [Grant] = []
        for stored in rows.compactMap(\.grant) {
            if let grant = try await share(of: stored, for: key) { grants.append(grant) }
        }
        try await database.execute(ApiKeyQueries.noteUse(key.id, at: now))
        let principal = Principal(
            kind: .apiKey, userID: key.owner.uuid, name: "\(owner.name) (\(key.name))", grants: try await placing(grants),
            sessionID: nil, expiresAt: key.expiresAt ?? .distantFuture)
        return Session(token: text, principal: principal, apiKey: key.id.uuid, knownUntil: key.knownUntil(now))
    }

    /// The part of one of the owner's grants that the key has: on the key's scope where the grant reaches beyond it, on
    /// the grant's where that lies inside.
    private func share(of stored: StoredGrant, for key: ApiKey) async throws -> Grant? {
        guard let whole = roles.grant(stored), let scope = try await overlap(stored.scope, key.scope) else { return nil }
        let codes = key.codes.map { Permission($0) }
        // A key for everything has whatever the grant has; otherwise only what both name.
        let shared =
            codes.contains(.all)
            ? whole.permissions.codes.map { Permission($0) } : codes.filter(whole.permissions.allows)
        return Grant(
            role: whole.role, level: whole.level, scope: scope,
            permissions: PermissionSet(role: shared, extra: stored.denials))
    }

    private func overlap(_ granted: Scope, _ wanted: Scope) async throws -> Scope? {
        if wanted == .platform || wanted == granted { return granted }
        if granted == .platform { return wanted }
        if try await scopes.path(of: wanted).contains(granted) { return wanted }
        if try await scopes.path(of: granted).contains(wanted) { return granted }
        return nil
    }
}
