import Postgres
import Values

/// The SQL of digests.
enum DigestQueries {
    static let batch = 500
    /// As many notices stand in one.
    static let most = 50

    /// Whose digest is due; nobody else takes it meanwhile. quiet_settings_digest_due_idx
    static func due(at now: Instant) -> Statement<DueDigest> {
        Statement(
            """
            select user_id, digest_due_at from notifications.quiet_settings
            where digest_due_at <= \(now) order by digest_due_at limit \(batch) for update skip locked
            """)
    }

    static func put(off users: [UUID], zones: [String], at now: Instant) -> Command {
        Command(
            """
            update notifications.quiet_settings q set digest_due_at = notifications.next_digest(q.digest, d.zone, \(now))
            from unnest(\(users)::uuid[], \(zones)::text[]) as d (person, zone) where q.user_id = d.person
            """)
    }

    /// Since when, and that it has been sent: each once. Nothing for one that was, or for whoever wants none any more.
    static func begin(_ user: UUID, at due: Instant) -> Statement<LastDigest> {
        Statement(
            """
            update notifications.quiet_settings q set digest_sent_at = \(due)
            from (select user_id, digest_sent_at, digest from notifications.quiet_settings where user_id = \(user) for update) old
            where q.user_id = old.user_id and old.digest <> 'none'
                and (old.digest_sent_at is null or old.digest_sent_at < \(due))
            returning coalesce(old.digest_sent_at,
                \(due)::timestamptz - case old.digest when 'daily' then interval '1 day' else interval '7 days' end)
            """)
    }

    /// Unread ones, the newest first. Served by `notifications_low_idx`.
    static func items(of user: UUID, from: Instant, to: Instant) -> Statement<DigestItem> {
        Statement(
            """
            select n.subject, n.body from notifications.notifications n where \(condition(user, from, to))
            order by n.created_at desc limit \(most)
            """)
    }

    static func count(of user: UUID, from: Instant, to: Instant) -> Statement<Int> {
        Statement("select count(*) from notifications.notifications n where \(condition(user, from, to))")
    }

    private static func condition(_ user: UUID, _ from: Instant, _ to: Instant) -> SQL {
        """
        n.user_id = \(user) and n.type = 'in_app' and n.priority = 4 and n.created_at >= \(from) and n.created_at < \(to)
            and n.read_at is null
        """
    }

    static var samples: [StatementSample] {
        let instant = Instant(microseconds: 0)
        return [
            StatementSample("digest: due", due(at: instant)),
            StatementSample("digest: put off", put(off: [], zones: [], at: instant)),
            StatementSample("digest: begin", begin(.zero, at: instant)),
            StatementSample("digest: items", items(of: .zero, from: instant, to: instant)),
            StatementSample("digest: count", count(of: .zero, from: instant, to: instant)),
        ]
    }
}

struct DueDigest: Row {
    let user: UUID
    let dueAt: Instant

    init(_ row: inout RowReader) throws {
        user = try row.next()
        dueAt = try row.next()
    }
}

struct LastDigest: Row {
    let last: Instant

    init(_ row: inout RowReader) throws { last = try row.next() }
}
