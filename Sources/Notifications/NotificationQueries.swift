import JSON
import Jobs
import Postgres
import Values

enum NotificationQueries {
    private static var columns: SQL {
        """
        n.id, n.created_at, n.user_id, n.type, n.category, n.priority, n.status, n.recipient, n.subject, n.body,
            n.html, n.registered_text, n.content, n.secret_enc, n.action_url, n.provider, n.external_id, n.error, n.retry_count, n.read_at, n.sent_at,
            n.broadcast_id, n.metadata->>'button', n.provider_template_id, n.template_data, n.expires_at,
            n.group_id, n.scope_type, n.scope_id, n.template_key, n.metadata, n.job_id, n.segments, n.delivered_at, n.failed_at
        """
    }

    /// Nothing is written when the key was used before.
    static func insert(_ row: NewNotification) -> Command {
        Command(
            """
            insert into notifications.notifications (id, created_at, updated_at, group_id, user_id, scope_type, scope_id,
                type, category, priority, status, recipient, subject, body, html, template_key, secret_enc, metadata,
                registered_text, segments, credit_state, content, action_url, dedupe_key, sent_at, delivered_at,
                provider_template_id, template_data, expires_at)
            values (\(row.id), \(row.now), \(row.now), \(row.groupID), \(row.userID), \(row.notice.scope?.type.name),
                \(row.notice.scope?.id), \(row.type), \(row.notice.category.name), \(row.notice.priority.rawValue),
                \(row.status), \(row.recipient), \(row.notice.subject), \(row.notice.body), \(row.notice.html),
                \(row.notice.template), \(row.secret?.bytes), \(JSONText(encoding: row.metadata)),
                \(row.registered), \(row.segments), \(row.credits),
                \(row.content.map { JSONText(encoding: $0) }), \(row.notice.actionURL), \(row.dedupeKey), \(row.deliveredAt), \(row.deliveredAt),
                \(row.notice.design?.id), \(row.notice.design.map { JSONText(encoding: $0.data) }), \(row.expiresAt))
            on conflict do nothing
            """)
    }

    static func note(_ job: ID<Job>?, for id: ID<Notification>) -> Command {
        Command("update notifications.notifications set job_id = \(job) where id = \(id)")
    }

    /// notifications_dedupe_key_key
    static func accepted(under key: String) -> Statement<AcceptedMessage> {
        Statement("select id, job_id, status from notifications.notifications where dedupe_key = \(key)")
    }

    static func one(_ id: ID<Notification>) -> Statement<NotificationRecord> {
        Statement("select \(columns) from notifications.notifications n where n.id = \(id)")
    }

    /// A notice of a user's own list; it stays as it is until the transaction ends.
    static func lock(_ id: ID<Notification>, of user: UUID) -> Statement<ID<Notification>> {
        Statement(
            """
            select id from notifications.notifications where id = \(id) and user_id = \(user) and type = 'in_app' for update
            """)
    }

    static func delete(_ id: ID<Notification>) -> Command {
        Command("delete from notifications.notifications where id = \(id)")
    }

    /// Served by `notifications_user_idx`.
    static func deleteRead(of user: UUID) -> Command {
        Command(
            """
            delete from notifications.notifications
            where user_id = \(user) and type = 'in_app' and read_at is not null
            """)
    }

    static func pending(_ id: ID<Notification>) -> Statement<NotificationRecord> {
        Statement("select \(columns) from notifications.notifications n where n.id = \(id) and n.status = 'pending'")
    }

    static func sent(
        _ id: ID<Notification>, by provider: String, _ external: String?, at now: Instant, erasingSecret: Bool
    ) -> Command {
        Command(
            """
            update notifications.notifications
            set status = 'sent', sent_at = \(now), updated_at = \(now), provider = \(provider), external_id = \(external),
                error = null, secret_enc = case when \(erasingSecret) then null else secret_enc end
            where id = \(id) and status = 'pending'
            """)
    }

    /// Whether it was taken nobody knows.
    static func sentPerhaps(_ id: ID<Notification>, _ reason: String, at now: Instant) -> Command {
        Command(
            """
            update notifications.notifications
            set status = 'sent', sent_at = \(now), updated_at = \(now), error = \(reason), secret_enc = null
            where id = \(id) and status = 'pending'
            """)
    }

    /// A try that went wrong.
    static func tried(_ id: ID<Notification>, _ reason: String) -> Command {
        Command(
            """
            update notifications.notifications
            set retry_count = retry_count + 1, error = \(reason), updated_at = now()
            where id = \(id) and status = 'pending'
            """)
    }

    static func failed(_ id: ID<Notification>, _ reason: String, at instant: Instant) -> Command {
        Command(
            """
            update notifications.notifications
            set status = 'failed', failed_at = \(instant), error = \(reason), updated_at = now()
            where id = \(id) and status = 'pending'
            """)
    }

    /// A user's notices, the newest first. Served by `notifications_user_idx`.
    static func list(_ condition: NotificationCondition, limit: Int) -> Statement<NotificationRecord> {
        Statement(
            """
            select \(columns) from notifications.notifications n
            where \(condition.sql) order by n.id desc limit \(limit)
            """)
    }

    /// What went out or would have, the newest first. Served by `notifications_type_idx` or `notifications_recipient_idx`.
    static func outbox(
        _ types: [NotificationType], recipient: String?, after cursor: ID<Notification>?, limit: Int
    ) -> Statement<NotificationRecord> {
        let recipient: SQL = recipient.map { "and n.recipient = \($0)" } ?? ""
        let cursor: SQL = cursor.map { "and n.id < \($0)" } ?? ""
        return Statement(
            """
            select \(columns) from notifications.notifications n
            where n.type = any(\(types)::text[]) \(recipient) \(cursor) order by n.id desc limit \(limit)
            """)
    }

    /// Served by `notifications_unread_idx`.
    static func unreadCount(of user: UUID) -> Statement<Int> {
        Statement(
            """
            select count(*) from notifications.notifications
            where user_id = \(user) and type = 'in_app' and read_at is null
            """)
    }

    /// notifications_pkey
    static func some(_ ids: [ID<Notification>]) -> Statement<NotificationRecord> {
        Statement("select \(columns) from notifications.notifications n where n.id = any(\(ids)::uuid[])")
    }

    /// Of those who have some. Served by `notifications_unread_idx`.
    static func unreadCounts(of users: [UUID]) -> Statement<UnreadRow> {
        Statement(
            """
            select user_id, count(*) from notifications.notifications
            where user_id = any(\(users)::uuid[]) and type = 'in_app' and read_at is null group by user_id
            """)
    }

    static func read(_ id: ID<Notification>, by user: UUID, at now: Instant) -> Statement<NotificationRecord> {
        Statement(
            """
            update notifications.notifications n set read_at = coalesce(n.read_at, \(now)), updated_at = \(now)
            where n.id = \(id) and n.user_id = \(user) and n.type = 'in_app' returning \(columns)
            """)
    }

    static func readAll(by user: UUID, at now: Instant) -> Command {
        Command(
            """
            update notifications.notifications set read_at = \(now), updated_at = \(now)
            where user_id = \(user) and type = 'in_app' and read_at is null
            """)
    }

    /// Out of people's lists. Served by `notifications_expires_idx`.
    static func dropExpired(at now: Instant) -> Command {
        Command(
            """
            delete from notifications.notifications
            where id in (select id from notifications.notifications
                         where expires_at <= \(now) and type = 'in_app' order by expires_at limit 1000)
            """)
    }

    /// Messages that nobody needs any more, with their codes and links; one that is being sent is left to whoever sends it.
    /// Served by `notifications_expires_idx`.
    static func failExpired(_ reason: String, at now: Instant) -> Statement<ID<Notification>> {
        Statement(
            """
            update notifications.notifications
            set status = 'failed', failed_at = \(now), error = \(reason), secret_enc = null, updated_at = \(now)
            where id in (select id from notifications.notifications
                         where expires_at <= \(now) and status = 'pending' order by expires_at limit 1000 for update skip locked)
            returning id
            """)
    }

    /// Served by `notifications_created_at_idx`.
    static func purge(read: Instant, any: Instant) -> Command {
        Command(
            """
            delete from notifications.notifications
            where id in (select id from notifications.notifications
                         where created_at < \(read) and (read_at is not null or created_at < \(any)) limit 1000)
            """)
    }
}

/// How many notices somebody has not read.
struct UnreadRow: Row {
    let user: UUID
    let count: Int

    init(_ row: inout RowReader) throws {
        user = try row.next()
        count = try row.next()
    }
}
