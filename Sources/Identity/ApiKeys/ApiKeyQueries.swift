import Postgres
import Service
import Values

/// The SQL of `identity.api_keys`.
enum ApiKeyQueries {
    private static let columns: SQL = """
        id, created_at, user_id, name, prefix, secret_hash, previous_hash, previous_until, permissions, scope_type,
        scope_id, last_used_at, expires_at, revoked_at
        """

    /// api_keys_prefix_key
    static func find(prefix: String) -> Statement<ApiKey> {
        Statement("select \(columns) from identity.api_keys where prefix = \(prefix)")
    }

    /// api_keys_user_idx
    static func list(of owner: ID<User>, _ page: PageRequest) -> Statement<ApiKey> {
        Statement(
            """
            select \(columns) from identity.api_keys where user_id = \(owner) and revoked_at is null
            order by id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(of owner: ID<User>) -> Statement<Int> {
        Statement("select count(*) from identity.api_keys where user_id = \(owner) and revoked_at is null")
    }

    static func lock(_ id: ID<ApiKey>, of owner: ID<User>) -> Statement<ApiKey> {
        Statement(
            """
            select \(columns) from identity.api_keys
            where id = \(id) and user_id = \(owner) and revoked_at is null for update
            """)
    }

    static func insert(_ key: ApiKey) -> Command {
        Command(
            """
            insert into identity.api_keys (id, created_at, updated_at, user_id, name, prefix, secret_hash, permissions,
                scope_type, scope_id, expires_at)
            values (\(key.id), \(key.createdAt), \(key.createdAt), \(key.owner), \(key.name), \(key.prefix),
                \(key.secretHash), \(key.codes), \(key.scope.type.name), \(key.scope.id), \(key.expiresAt))
            """)
    }

    static func save(_ key: ApiKey, at now: Instant) -> Command {
        Command(
            """
            update identity.api_keys set updated_at = \(now), secret_hash = \(key.secretHash),
                previous_hash = \(key.previousHash), previous_until = \(key.previousUntil), revoked_at = \(key.revokedAt)
            where id = \(key.id)
            """)
    }

    /// api_keys_user_idx
    static func revokeAll(of owner: ID<User>, at now: Instant) -> Command {
        Command(
            """
            update identity.api_keys set updated_at = \(now), revoked_at = \(now)
            where user_id = \(owner) and revoked_at is null
            """)
    }

    /// At most once a minute, however often it is used.
    static func noteUse(_ id: ID<ApiKey>, at now: Instant) -> Command {
        Command(
            """
            update identity.api_keys set last_used_at = \(now)
            where id = \(id) and (last_used_at is null or last_used_at < \(now - .minutes(1)))
            """)
    }
}

extension ApiKey: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        owner = try row.next()
        name = try row.next()
        prefix = try row.next()
        secretHash = try row.next()
        previousHash = try row.next()
        previousUntil = try row.next()
        codes = try row.next()
        let type: String = try row.next()
        scope = Scope(ScopeType(type), try row.next())
        lastUsedAt = try row.next()
        expiresAt = try row.next()
        revokedAt = try row.next()
    }
}
