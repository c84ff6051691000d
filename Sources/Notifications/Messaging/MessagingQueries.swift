import Postgres
import Service
import Values

/// The SQL of short messages that a scope sends.
enum MessagingQueries {
    /// Messages of a scope that left or are to leave, the newest first. Served by `notifications_scope_idx`, of the platform by
    /// `notifications_type_idx`.
    static func history(
        _ condition: HistoryCondition, after cursor: ID<Notification>?, limit: Int
    ) -> Statement<HistoryMessage> {
        let cursor: SQL = cursor.map { "and n.id < \($0)" } ?? ""
        return Statement(
            """
            select n.id, n.created_at, n.type, n.status, n.recipient, n.body, n.registered_text, n.segments, n.provider, n.error,
                n.sent_at
            from notifications.notifications n where \(condition.sql) \(cursor) order by n.id desc limit \(limit)
            """)
    }

    static var samples: [StatementSample] {
        let narrow = HistoryFilter(
            scopeType: nil, scopeID: nil, channel: .sms, status: .sent, type: .otp, from: .first, to: .first)
        let wide = HistoryFilter(
            scopeType: nil, scopeID: nil, channel: nil, status: nil, type: nil, from: nil, to: nil)
        let one = HistoryCondition(scope: Scope("unit", .zero), filter: narrow)
        return [
            StatementSample("history", history(HistoryCondition(scope: nil, filter: wide), after: nil, limit: 1)),
            StatementSample("history narrowed", history(one, after: ID(.zero), limit: 1)),
            StatementSample("figures", figures(one)),
        ]
    }

    static func figures(_ condition: HistoryCondition) -> Statement<ChannelFigures> {
        Statement(
            """
            select n.type, count(*) filter (where n.status = 'sent'), count(*) filter (where n.status = 'delivered'),
                count(*) filter (where n.status in ('failed', 'bounced')), count(*) filter (where n.status = 'pending'),
                coalesce(sum(n.segments) filter (where n.status <> 'failed'), 0)
            from notifications.notifications n where \(condition.sql) group by n.type order by n.type
            """, .report)
    }
}

/// Which messages of a sender are asked for.
struct HistoryCondition: Sendable {
    /// Nil for every message of the platform.
    let scope: Scope?
    let filter: HistoryFilter

    var sql: SQL {
        var sql: SQL = "n.type <> 'in_app'"
        if let scope { sql = "\(sql) and n.scope_type = \(scope.type.name) and n.scope_id = \(scope.id)" }
        if let channel = filter.channel { sql = "\(sql) and n.type = \(channel)" }
        if let status = filter.status { sql = "\(sql) and n.status = \(status)" }
        if let type = filter.type { sql = "\(sql) and n.registered_text = \(type)" }
        if let from = filter.from { sql = "\(sql) and n.created_at >= \(Instant(from))" }
        if let to = filter.to { sql = "\(sql) and n.created_at < \(Instant(to.adding(days: 1)))" }
        return sql
    }
}
