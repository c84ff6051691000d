import JSON
import Postgres
import Service
import Values

/// The SQL of system notices.
enum SystemNoticeQueries {
    private static var columns: SQL {
        "s.id, s.created_at, s.title, s.message, s.type, s.category, s.priority, s.action_required, s.details, r.read_at"
    }

    static func insert(_ notice: SystemNotice, at now: Instant) -> Command {
        Command(
            """
            insert into notifications.system_notifications (id, created_at, title, message, type, category, priority, scope_type,
                scope_id, target_role, action_required, details, dedupe_key)
            values (\(UUID.v7()), \(now), \(notice.title), \(notice.message), \(notice.kind), \(notice.category),
                \(notice.priority), \(notice.scope?.type.name), \(notice.scope?.id), \(notice.role),
                \(notice.isActionRequired), \(JSONText(encoding: notice.details)), \(notice.dedupeKey))
            on conflict (dedupe_key) do nothing
            """)
    }

    /// The newest first, for somebody with these roles. system_notifications_pkey
    static func list(
        _ filter: SystemNoticeFilter, for user: UUID, _ roles: [String], after cursor: ID<SystemNotice>?, limit: Int
    ) -> Statement<SystemNoticeView> {
        var narrow: SQL = ""
        if let category = filter.category { narrow = "\(narrow) and s.category = \(category)" }
        if let priority = filter.priority { narrow = "\(narrow) and s.priority = \(priority)" }
        if let read = filter.read { narrow = read ? "\(narrow) and r.read_at is not null" : "\(narrow) and r.read_at is null" }
        if let cursor { narrow = "\(narrow) and s.id < \(cursor)" }
        return Statement(
            """
            select \(columns) from notifications.system_notifications s
            left join notifications.system_notification_reads r on r.notification_id = s.id and r.user_id = \(user)
            where (s.target_role is null or s.target_role = any(\(roles)::text[])) \(narrow)
            order by s.id desc limit \(limit)
            """)
    }

    static func one(_ id: ID<SystemNotice>, for user: UUID, _ roles: [String]) -> Statement<SystemNoticeView> {
        Statement(
            """
            select \(columns) from notifications.system_notifications s
            left join notifications.system_notification_reads r on r.notification_id = s.id and r.user_id = \(user)
            where s.id = \(id) and (s.target_role is null or s.target_role = any(\(roles)::text[]))
            """)
    }

    static func read(_ id: ID<SystemNotice>, by user: UUID, at now: Instant) -> Command {
        Command(
            """
            insert into notifications.system_notification_reads (notification_id, user_id, read_at)
            values (\(id), \(user), \(now)) on conflict do nothing
            """)
    }

    static func readAll(by user: UUID, _ roles: [String], at now: Instant) -> Command {
        Command(
            """
            insert into notifications.system_notification_reads (notification_id, user_id, read_at)
            select s.id, \(user), \(now) from notifications.system_notifications s
            where s.target_role is null or s.target_role = any(\(roles)::text[])
            on conflict do nothing
            """)
    }

    /// system_notifications_pkey: ids of version 7 rise with time.
    static func purge(before: Instant) -> Command {
        Command(
            """
            delete from notifications.system_notifications
            where id in (select id from notifications.system_notifications where created_at < \(before) order by id limit 1000)
            """)
    }

    static var samples: [StatementSample] {
        let instant = Instant(microseconds: 0)
        let id = ID<SystemNotice>(.zero)
        let all = SystemNoticeFilter(category: nil, priority: nil, read: nil)
        let narrow = SystemNoticeFilter(category: .system, priority: .low, read: true)
        return [
            StatementSample("system: insert", insert(SystemNotice("", ""), at: instant)),
            StatementSample("system: list", list(all, for: .zero, [], after: nil, limit: 1)),
            StatementSample("system: list narrowed", list(narrow, for: .zero, [], after: id, limit: 1)),
            StatementSample("system: one", one(id, for: .zero, [])),
            StatementSample("system: read", read(id, by: .zero, at: instant)),
            StatementSample("system: read all", readAll(by: .zero, [], at: instant)),
            StatementSample("system: purge", purge(before: instant)),
        ]
    }
}
