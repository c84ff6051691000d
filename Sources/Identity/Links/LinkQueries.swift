import Postgres
import Values

/// The SQL of `identity.link_tokens`.
enum LinkQueries {
    /// A new link kills the older one of its purpose (link_tokens_open_key).
    static func make(_ hash: [UInt8], _ purpose: LinkPurpose, for user: ID<User>, email: String?, until end: Instant)
        -> Command
    {
        Command(
            """
            insert into identity.link_tokens (token_hash, purpose, user_id, email, expires_at)
            values (\(hash), \(purpose), \(user), \(email), \(end))
            on conflict (user_id, purpose) where used_at is null do update
            set token_hash = excluded.token_hash, email = excluded.email, expires_at = excluded.expires_at
            """)
    }

    /// link_tokens_pkey
    static func find(_ hash: [UInt8], _ purposes: [LinkPurpose], at now: Instant) -> Statement<LinkRow> {
        Statement(
            """
            select user_id, email, purpose from identity.link_tokens
            where token_hash = \(hash) and purpose = any(\(purposes)::text[]) and used_at is null and expires_at > \(now)
            """)
    }

    /// Single use: of two simultaneous uses one gets the row.
    static func use(_ hash: [UInt8], _ purposes: [LinkPurpose], at now: Instant) -> Statement<LinkRow> {
        Statement(
            """
            update identity.link_tokens set used_at = \(now)
            where token_hash = \(hash) and purpose = any(\(purposes)::text[]) and used_at is null and expires_at > \(now)
            returning user_id, email, purpose
            """)
    }

    /// The address that waits for its confirmation.
    static func pendingEmail(of user: ID<User>, at now: Instant) -> Statement<String?> {
        Statement(
            """
            select email from identity.link_tokens
            where user_id = \(user) and purpose = 'email_verification' and used_at is null and expires_at > \(now)
            """)
    }

    /// Whoever changes the password otherwise leaves no link behind by which it could be changed back, and none to
    /// another address than the account's.
    static func dropPasswordLinks(of user: ID<User>) -> Command {
        Command(
            """
            delete from identity.link_tokens l using identity.users u
            where l.user_id = \(user) and u.id = l.user_id and l.used_at is null
                and (l.purpose in ('password_reset', 'set_password') or l.email is distinct from u.email)
            """)
    }

    static func dropAll(of user: ID<User>) -> Command {
        Command("delete from identity.link_tokens where user_id = \(user)")
    }

    static func purge(before: Instant) -> Command {
        Command("delete from identity.link_tokens where expires_at < \(before)")
    }
}

/// A link that still works, or has just been used.
struct LinkRow: Row {
    let user: ID<User>
    let email: String?
    let purpose: LinkPurpose

    init(_ row: inout RowReader) throws {
        user = try row.next()
        email = try row.next()
        purpose = try row.next()
    }
}
