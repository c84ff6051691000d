import Postgres
import Service
import Values

/// The SQL of `urgent.executor_complaints`.
enum ComplaintQueries {
    private static let columns: SQL = """
        k.id, k.created_at, k.order_id, o.category, o.city, o.description, \(OrderQueries.effectiveStatus), k.executor_id,
        e.first_name, k.client_id, c.first_name, k.complaint, k.comment, k.status, k.resolution_note, k.refunded,
        k.resolved_by, k.resolved_at
        """
    private static let tables: SQL = """
        urgent.executor_complaints k join urgent.orders o on o.id = k.order_id
          join urgent.users e on e.id = k.executor_id join urgent.users c on c.id = k.client_id
        """

    /// Newest first. Indexes `executor_complaints_newest`, `_by_status`, `_of_executor`, `_of_client`.
    static func page(_ condition: ComplaintCondition, _ page: Slice) -> Statement<Complaint> {
        Statement(
            """
            select \(columns) from (
                select k.id from urgent.executor_complaints k where \(condition.sql)
                 order by k.created_at desc, k.id desc limit \(page.limit) offset \(page.offset)) x
              join (\(tables)) on k.id = x.id
             order by k.created_at desc, k.id desc
            """)
    }

    /// - Parameter reach: how many are counted.
    static func count(_ condition: ComplaintCondition, reach: Int) -> Statement<Int> {
        Statement("select count(*) from (select from urgent.executor_complaints k where \(condition.sql) limit \(reach)) f")
    }

    static func complaint(_ id: Int) -> Statement<Complaint> {
        Statement("select \(columns) from \(tables) where k.id = \(id)")
    }

    /// The order that a complaint is about, which is locked before the complaint as everywhere.
    static func order(of id: Int) -> Statement<String> {
        Statement("select order_id from urgent.executor_complaints where id = \(id)")
    }

    static func lock(_ id: Int) -> Statement<Complaint> {
        Statement("select \(columns) from \(tables) where k.id = \(id) for no key update of k")
    }

    /// Yields nothing for whoever has not taken the order, or has complained already.
    static func insert(_ body: NewComplaintBody, by executor: Int) -> Statement<Int> {
        Statement(
            """
            insert into urgent.executor_complaints (order_id, executor_id, client_id, complaint, comment)
            select t.order_id, t.executor_id, o.client_id, \(body.reason.rawValue), \(body.keptComment)
              from urgent.executor_takes t join urgent.orders o on o.id = t.order_id
             where t.order_id = \(body.order) and t.executor_id = \(executor)
            on conflict (order_id, executor_id) do nothing returning id
            """)
    }

    static func resolve(
        _ id: Int, _ status: ComplaintStatus, isRefunded: Bool, by staff: Int, note: String
    ) -> Command {
        Command(
            """
            update urgent.executor_complaints
               set status = \(status), refunded = \(isRefunded), resolved_by = \(staff), resolved_at = now(),
                   resolution_note = \(note)
             where id = \(id)
            """)
    }

    static var samples: [StatementSample] {
        let condition = ComplaintCondition(status: .open, client: 1, executor: 1, order: "")
        let body = NewComplaintBody(order: "", reason: .other, comment: nil)
        return [
            StatementSample("complaints", page(condition, Slice())), StatementSample("complaints, counted", count(condition, reach: 1)),
            StatementSample("complaint", complaint(1)), StatementSample("order of a complaint", order(of: 1)),
            StatementSample("complaint, locked", lock(1)), StatementSample("new complaint", insert(body, by: 1)),
            StatementSample("resolved complaint", resolve(1, .accepted, isRefunded: true, by: 1, note: "")),
        ]
    }
}

/// Which complaints are asked for; nil narrows nothing.
struct ComplaintCondition: Sendable {
    var status: ComplaintStatus?
    var client: Int?
    var executor: Int?
    var order: String?

    /// Over `urgent.executor_complaints k`.
    var sql: SQL {
        var sql: SQL = "true"
        if let status { sql = "\(sql) and k.status = \(status)" }
        if let client { sql = "\(sql) and k.client_id = \(client)" }
        if let executor { sql = "\(sql) and k.executor_id = \(executor)" }
        if let order { sql = "\(sql) and k.order_id = \(order)" }
        return sql
    }
}
