import Postgres
import Values

/// Which reviews are asked for; nil narrows nothing.
struct ReviewCondition: Sendable {
    var status: ReviewStatus?
    var rating: Int?
    /// Who wrote it.
    var client: Int?
    /// Whom it is about.
    var executor: Int?
    /// Written by this person, or about him.
    var about: Int?
    var order: String?
    /// At or after.
    var from: Instant?
    /// Before.
    var to: Instant?

    /// Over `urgent.client_reviews r`: parts that have nothing in common, each served by an index.
    var parts: [SQL] {
        guard let about else { return [rest] }
        return ["r.client_id = \(about) and \(rest)", "r.executor_id = \(about) and r.client_id <> \(about) and \(rest)"]
    }

    private var rest: SQL {
        var sql: SQL = "true"
        // By their names, since there are indexes of those that are visible, and of those that are hidden.
        switch status {
        case .visible: sql = "r.status = 'visible'"
        case .hidden: sql = "r.status = 'hidden'"
        case nil: break
        }
        if let rating { sql = "\(sql) and r.rating = \(rating)" }
        if let client { sql = "\(sql) and r.client_id = \(client)" }
        if let executor { sql = "\(sql) and r.executor_id = \(executor)" }
        if let order { sql = "\(sql) and r.order_id = \(order)" }
        if let from { sql = "\(sql) and r.created_at >= \(from)" }
        if let to { sql = "\(sql) and r.created_at < \(to)" }
        return sql
    }
}
