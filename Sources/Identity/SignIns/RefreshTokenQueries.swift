import Postgres
import Values

/// The SQL of `identity.refresh_tokens` and `identity.revoked_families`.
enum RefreshTokenQueries {
    /// The account of a token (refresh_tokens_hash_key). Whatever continues or ends sign-ins holds this row first, so
    /// that of two at once the second sees what the first has done: the other exchange, or the token that it made.
    static func lockOwner(hash: [UInt8]) -> Statement<User> {
        Statement(
            """
            select \(UserQueries.columns) from identity.users u
            where u.id = (select user_id from identity.refresh_tokens where token_hash = \(hash)) for no key update
            """)
    }

    /// refresh_tokens_hash_key
    static func find(hash: [UInt8]) -> Statement<RefreshToken> {
        Statement(
            """
            select id, user_id, family_id, sequence, client, ip, created_at, expires_at, used_at, revoked_at
            from identity.refresh_tokens where token_hash = \(hash)
            """)
    }

    static func insert(_ token: RefreshToken, hash: [UInt8]) -> Command {
        Command(
            """
            insert into identity.refresh_tokens
                (id, user_id, family_id, sequence, token_hash, client, ip, created_at, expires_at)
            values (\(token.id), \(token.user), \(token.family), \(token.sequence), \(hash), \(token.client),
                \(token.address), \(token.createdAt), \(token.expiresAt))
            """)
    }

    /// The token with the instant and the origin of its use.
    static func markUsed(_ token: RefreshToken) -> Command {
        Command(
            """
            update identity.refresh_tokens
            set used_at = \(token.usedAt), client = \(token.client), ip = \(token.address) where id = \(token.id)
            """)
    }

    /// Families whose head may still be exchanged, the newest first (refresh_tokens_user_idx).
    static func live(of user: ID<User>, at now: Instant) -> Statement<LiveFamily> {
        Statement(
            """
            select t.family_id, t.client, t.ip, first.created_at, t.created_at
            from identity.refresh_tokens t
            join identity.refresh_tokens first on first.family_id = t.family_id and first.sequence = 0
            where t.user_id = \(user) and t.used_at is null and t.revoked_at is null and t.expires_at > \(now)
            order by first.created_at desc, t.family_id desc
            """)
    }

    /// Ends families: no token of theirs can be exchanged, and access tokens die everywhere when the insert is told.
    /// The rows given back are the families that were alive. The account's row is locked before.
    static func end(_ families: [ID<RefreshToken.Family>], reason: String, at now: Instant) -> Statement<EndedFamily> {
        Statement(
            """
            with ended as (
                update identity.refresh_tokens set revoked_at = \(now), revoke_reason = \(reason)
                where family_id = any(\(families.map(\.uuid))) and revoked_at is null
                returning family_id
            ), told as (
                insert into identity.revoked_families (family_id, expires_at)
                select distinct family_id, \(now + AccessClaims.longestLife) from ended
                on conflict (family_id) do nothing
            )
            select distinct family_id from ended
            """)
    }

    static func purge(before: Instant) -> Command {
        Command(
            """
            delete from identity.refresh_tokens where id in (
                select id from identity.refresh_tokens where expires_at < \(before) order by expires_at limit 10000)
            """)
    }

    /// What no access token can name any more.
    static func purgeRevokedFamilies(at now: Instant) -> Command {
        Command("delete from identity.revoked_families where expires_at < \(now)")
    }
}

/// A sign-in that can still be continued.
struct LiveFamily: Row {
    let id: ID<RefreshToken.Family>
    let client: String?
    let address: String?
    let createdAt: Instant
    let lastUsedAt: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        client = try row.next()
        address = try row.next()
        createdAt = try row.next()
        lastUsedAt = try row.next()
    }
}

/// A sign-in that has just ended.
struct EndedFamily: Row {
    let id: ID<RefreshToken.Family>

    init(_ row: inout RowReader) throws {
        id = try row.next()
    }
}

extension RefreshToken: Row {
    package init(_ row: inout RowReader) throws {
        self.init(
            id: try row.next(), user: try row.next(), family: try row.next(), sequence: try row.next(),
            client: try row.next(), address: try row.next(), createdAt: try row.next(), expiresAt: try row.next(),
            usedAt: try row.next(), revokedAt: try row.next())
    }
}
