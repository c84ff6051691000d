import Postgres
import Service
import Values

/// The SQL of orders for staff.
enum StaffOrderQueries {
    /// Newest first. Indexes `orders_created`, `orders_newest`, `orders_of_town`, `orders_of_client`, `orders_search`,
    /// `orders_ended_of_category`, `orders_ended_of_town`, `orders_withdrawn_of_category`; of what has lapsed `orders_ending`,
    /// `unanswered_due`.
    static func page(_ condition: StaffOrderCondition, _ page: Slice) -> Statement<Order> {
        let found = SQL.each(condition.parts) { part in
            """
            select o.id, o.created_at from urgent.orders o where \(part)
             order by o.created_at desc, o.id desc limit \(page.depth)
            """
        }
        return Statement(
            """
            select \(OrderQueries.columns()) from (
                select f.id from (\(found)) f order by f.created_at desc, f.id desc limit \(page.limit) offset \(page.offset)) x
              join urgent.orders o on o.id = x.id \(OrderQueries.reviewed)
             order by o.created_at desc, o.id desc
            """)
    }

    /// - Parameter reach: how many are counted.
    static func count(_ condition: StaffOrderCondition, reach: Int) -> Statement<Int> {
        let found = SQL.each(condition.parts) { "select from urgent.orders o where \($0) limit \(reach)" }
        return Statement("select least(count(*), \(reach)) from (\(found)) f")
    }

    /// What was paid for the contact of an order, the earliest first. Index `executor_takes_once`.
    static func takes(of order: OrderID) -> Statement<StaffTake> {
        Statement(
            """
            select t.id, t.executor_id, u.first_name, t.cost, t.taken_at, t.refunded_at
              from urgent.executor_takes t join urgent.users u on u.id = t.executor_id
             where t.order_id = \(order.text) order by t.taken_at, t.id
            """)
    }

    static var samples: [StatementSample] {
        let condition = StaffOrderCondition(
            status: .expired, city: "", category: "", client: 1, text: "a", from: .distantPast, to: .distantPast)
        let now = StaffOrderCondition(status: .active)
        return [
            StatementSample("urgent: orders for staff", page(condition, Slice())),
            StatementSample("urgent: orders for staff, counted", count(condition, reach: 1)),
            StatementSample("urgent: active orders for staff", page(now, Slice())),
            StatementSample("urgent: completed orders for staff", page(StaffOrderCondition(status: .completed), Slice())),
            StatementSample("urgent: closed orders for staff", page(StaffOrderCondition(status: .closedNoResponse), Slice())),
            StatementSample("urgent: orders of a town for staff", page(StaffOrderCondition(city: ""), Slice())),
            StatementSample("urgent: takes of an order", takes(of: OrderID(stored: ""))),
        ]
    }
}

/// Which orders staff ask for; nil narrows nothing.
struct StaffOrderCondition: Sendable {
    var status: OrderStatus?
    var city: String?
    var category: String?
    var client: Int?
    /// In the description or the contact.
    var text: String?
    var from: Instant?
    var to: Instant?

    /// Over `urgent.orders o`: parts that have nothing in common, each served by an index.
    var parts: [SQL] { standing.map { "\($0) \(rest)" } }

    /// By the status that holds now: besides those that are stored so, those whose time has passed and that nobody has ended yet.
    private var standing: [SQL] {
        switch status {
        case .active: return [OrderSet.isActive]
        case .expired:
            return ["o.status = 'expired'", "o.status = 'active' and o.expires_at <= now() and \(OrderQueries.effectiveStatus) = 'expired'"]
        case .closedNoResponse:
            return [
                "o.status = 'closed_no_response'",
                """
                o.status = 'active' and o.id in (select w.order_id from urgent.unanswered w where w.due_at <= now())
                    and \(OrderQueries.effectiveStatus) = 'closed_no_response'
                """,
            ]
        case .deleted: return ["o.status = 'deleted'"]
        case .completed: return ["o.status = 'completed'"]
        case nil:
            // Indexes know towns and categories of a status, what is somebody's own and what has a text by itself.
            guard city != nil || category != nil, client == nil, text == nil else { return ["true"] }
            return [
                "o.status = 'active'", "o.status = 'completed'", "o.status = 'expired'", "o.status = 'closed_no_response'",
                "o.status = 'deleted'",
            ]
        }
    }

    private var rest: SQL {
        var sql: SQL = .empty
        if let city { sql = "\(sql) and o.city = \(city)" }
        if let category { sql = "\(sql) and o.category = \(category)" }
        if let client { sql = "\(sql) and o.client_id = \(client)" }
        if let text { sql = "\(sql) and (o.description ilike \(text.anywhere) or o.contact ilike \(text.anywhere))" }
        if let from { sql = "\(sql) and o.created_at >= \(from)" }
        if let to { sql = "\(sql) and o.created_at < \(to)" }
        return sql
    }
}

extension String {
    /// A pattern of LIKE for what has this text anywhere.
    var anywhere: String {
        "%" + reduce(into: "") { pattern, character in
            if "%_\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        } + "%"
    }
}

/// A take as staff see it.
struct StaffTake: Row, Sendable {
    let id: Int
    let executor: ReviewParty
    /// In roubles, as charged.
    let cost: Int
    let takenAt: Instant
    let refundedAt: Instant?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        executor = ReviewParty(id: try row.next(), firstName: try row.next())
        cost = try row.next()
        takenAt = try row.next()
        refundedAt = try row.next()
    }
}
