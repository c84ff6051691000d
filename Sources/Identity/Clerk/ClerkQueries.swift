import JSON
import Postgres
import Values

/// The SQL of what Clerk tells.
enum ClerkQueries {
    /// Once for each message; nothing for one that was carried out before. clerk_events_pkey
    static func note(_ event: ClerkEvent, at now: Instant) -> Command {
        Command(
            """
            insert into identity.clerk_events (id, type, received_at) values (\(event.id), \(event.type), \(now))
            on conflict (id) do nothing
            """)
    }

    /// What was kept of a person; locked, so that reports of one person come one after another. identities_pkey
    static func known(_ subject: String) -> Statement<KnownClerkPerson> {
        Statement(
            """
            select user_id, profile, provider_updated_at from identity.identities
            where kind = 'clerk' and subject = \(subject) for no key update
            """)
    }

    static func keep(_ profile: JSONText, of subject: String, saidAt instant: Instant) -> Command {
        Command(
            """
            update identity.identities set profile = \(profile), provider_updated_at = \(instant)
            where kind = 'clerk' and subject = \(subject)
            """)
    }

    /// clerk_closed_pkey
    static func closedAt(_ hash: [UInt8]) -> Statement<Instant> {
        Statement("select closed_at from identity.clerk_closed where subject_hash = \(hash)")
    }

    static func close(_ hash: [UInt8], at now: Instant) -> Command {
        Command(
            """
            insert into identity.clerk_closed (subject_hash, closed_at) values (\(hash), \(now))
            on conflict (subject_hash) do update set closed_at = excluded.closed_at
            """)
    }

    /// The same for whatever account at Clerk an account here has. identities_user_key
    static func close(of user: ID<User>, at now: Instant) -> Command {
        Command(
            """
            insert into identity.clerk_closed (subject_hash, closed_at)
            select sha256(convert_to(subject, 'UTF8')), \(now) from identity.identities
            where user_id = \(user) and kind = 'clerk'
            on conflict (subject_hash) do update set closed_at = excluded.closed_at
            """)
    }

    /// clerk_events_received_at_idx
    static func purgeEvents(before: Instant) -> Command {
        Command(
            """
            delete from identity.clerk_events where id in (
                select id from identity.clerk_events where received_at < \(before) order by received_at limit 10000)
            """)
    }

    /// clerk_closed_at_idx
    static func purgeClosed(before: Instant) -> Command {
        Command(
            """
            delete from identity.clerk_closed where subject_hash in (
                select subject_hash from identity.clerk_closed where closed_at < \(before) order by closed_at limit 10000)
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant(microseconds: 0)
        return [
            StatementSample("clerk: noted event", note(ClerkEvent(id: "", type: "", matter: .nothing), at: now)),
            StatementSample("clerk: known person", known("")),
            StatementSample("clerk: kept profile", keep(JSONText(trusted: Array("{}".utf8)), of: "", saidAt: now)),
            StatementSample("clerk: closed", closedAt([])),
            StatementSample("clerk: close", close([], at: now)),
            StatementSample("clerk: close of an account", close(of: ID(.zero), at: now)),
            StatementSample("clerk: purged events", purgeEvents(before: now)),
            StatementSample("clerk: purged ends", purgeClosed(before: now)),
        ]
    }
}

/// An account's person at Clerk, as he was described last.
struct KnownClerkPerson: Row {
    let user: ID<User>
    let profile: JSONText
    let saidAt: Instant?

    init(_ row: inout RowReader) throws {
        user = try row.next()
        profile = try row.next()
        saidAt = try row.next()
    }
}
