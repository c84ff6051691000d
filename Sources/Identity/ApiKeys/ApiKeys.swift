import Crypto
import Postgres
import Service
import Values

/// The door to API keys.
package final class ApiKeys: Sendable {
    private let database: Database
    private let scopes: ScopeTree
    private let audit: Audit
    private let authenticator: BearerAuthenticator
    private let clock: Clock

    init(database: Database, scopes: ScopeTree, audit: Audit, authenticator: BearerAuthenticator, clock: Clock) {
        self.database = database
        self.scopes = scopes
        self.audit = audit
        self.authenticator = authenticator
        self.clock = clock
    }

    func list(of owner: ID<User>, _ page: PageRequest) async throws -> Page<ApiKey> {
        let keys = try await database.all(ApiKeyQueries.list(of: owner, page))
        return Page(keys, total: try await database.one(ApiKeyQueries.count(of: owner)))
    }

    /// Makes a key with a part of its owner's permissions; the text is given out this once.
    func create(_ body: NewApiKey, for caller: Caller, _ actor: AuditActor) async throws -> (key: ApiKey, text: String) {
        let now = clock.now()
        let owner = ID<User>(try caller.user())
        try await check(body, at: now, for: caller)
        let secret = ApiKeyText.random()
        let key = ApiKey(
            id: .new(), createdAt: now, owner: owner, name: body.name, prefix: secret.prefix,
            secretHash: secret.secret.digest, previousHash: nil, previousUntil: nil, codes: body.permissions,
            scope: body.scope, lastUsedAt: nil, expiresAt: body.expiresAt, revokedAt: nil)
        try await database.transaction { _ in
            guard try await database.one(ApiKeyQueries.count(of: owner)) < ApiKey.perUser else {
                throw ApiKeyProblem.tooManyKeys.problem
            }
            try await database.execute(ApiKeyQueries.insert(key))
            let codes = AuditChange("permissions", .none, .list(key.codes))
            await audit.record(
                AuditEntry(
                    "api_key_created", "api_key", key.id.description, scope: key.scope, changes: [codes].compactMap { $0 }),
                by: actor)
        }
        return (key, secret.text)
    }

    /// A new secret under the same prefix; the old one works 24 hours more.
    func rotate(_ id: ID<ApiKey>, of owner: ID<User>, _ actor: AuditActor) async throws -> (key: ApiKey, text: String) {
        let secret = Token.random()
        let key = try await change(id, of: owner, as: "api_key_rotated", actor) { $0.rotate(to: secret, at: clock.now()) }
        return (key, ApiKeyText(prefix: key.prefix, secret: secret).text)
    }

    func revoke(_ id: ID<ApiKey>, of owner: ID<User>, _ actor: AuditActor) async throws {
        _ = try await change(id, of: owner, as: "api_key_revoked", actor) { $0.revokedAt = clock.now() }
    }

    private func change(
        _ id: ID<ApiKey>, of owner: ID<User>, as action: String, _ actor: AuditActor, _ body: (inout ApiKey) -> Void
    ) async throws -> ApiKey {
        try await database.transaction { _ in
            guard var key = try await database.first(ApiKeyQueries.lock(id, of: owner)) else {
                throw HouseProblem.notFound.problem
            }
            body(&key)
            try await database.execute(ApiKeyQueries.save(key, at: clock.now()))
            await audit.record(AuditEntry(action, "api_key", id.description, scope: key.scope), by: actor)
            database.afterCommit { [authenticator] in authenticator.forget(.apiKey(id.uuid)) }
            return key
        }
    }

    private func check(_ body: NewApiKey, at now: Instant, for caller: Caller) async throws {
        if let end = body.expiresAt, end <= now || end > now + ApiKey.longestLife {
            throw ApiKeyProblem.expiryTooFar.on("expiresAt")
        }
        let codes = body.permissions.map { Permission($0) }
        guard codes.allSatisfy(\.isWellFormed) else { throw GrantProblem.codeUnknown.on("permissions") }
        let scope = body.scope
        guard scopes.knows(scope.type), (scope.type == .platform) == (scope.id == nil), try await scopes.exists(scope)
        else { throw GrantProblem.scopeUnknown.on("scopeId") }
        // Without a scope of its own the key reaches where its owner does, and each grant is asked for itself.
        let path = try await scopes.path(of: scope)
        for code in codes {
            let has = scope == .platform ? holdsAnywhere(code, caller) : caller.can(code, on: path)
            guard has else { throw ApiKeyProblem.permissionLacking.problem }
        }
    }

    private func holdsAnywhere(_ code: Permission, _ caller: Caller) -> Bool {
        caller.principal?.grants.contains { $0.permissions.allows(code) } ?? false
    }
}
