import Postgres
import Values

/// Which notices of a user are asked for.
struct NotificationCondition: Sendable {
    let user: UUID
    var type = NotificationType.inApp
    var status: NotificationStatus?
    var category: String?
    var isRead: Bool?
    var since: Instant?
    var after: ID<Notification>?

    var sql: SQL {
        var sql: SQL = "n.user_id = \(user) and n.type = \(type)"
        if let status { sql = "\(sql) and n.status = \(status)" }
        if let category { sql = "\(sql) and n.category = \(category)" }
        if let isRead { sql = isRead ? "\(sql) and n.read_at is not null" : "\(sql) and n.read_at is null" }
        if let since { sql = "\(sql) and n.created_at >= \(since)" }
        if let after { sql = "\(sql) and n.id < \(after)" }
        return sql
    }
}
