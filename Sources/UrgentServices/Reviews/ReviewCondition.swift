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

    /// Over `urgent.client_reviews r`.
    var sql: SQL {
        var sql: SQL = "true"
        if let status { sql = "\(sql) and r.status = \(status)" }
        if let rating { sql = "\(sql) and r.rating = \(rating)" }
        if let client { sql = "\(sql) and r.client_id = \(client)" }
        if let executor { sql = "\(sql) and r.executor_id = \(executor)" }
        if let about { sql = "\(sql) and (r.client_id = \(about) or r.executor_id = \(about))" }
        if let order { sql = "\(sql) and r.order_id = \(order)" }
        if let from { sql = "\(sql) and r.created_at >= \(from)" }
        if let to { sql = "\(sql) and r.created_at < \(to)" }
        return sql
    }
}
