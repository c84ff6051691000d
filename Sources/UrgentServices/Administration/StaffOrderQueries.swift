import Postgres
import Service
import Values

/// The SQL of orders for staff.
enum StaffOrderQueries {
    /// Newest first. Indexes `orders_created`, `orders_newest`, `orders_of_town`, `orders_of_client`, `orders_search`.
    static func page(_ condition: StaffOrderCondition, _ page: Slice) -> Statement<Order> {
        Statement(
            """
            select \(OrderQueries.columns()) from urgent.orders o \(OrderQueries.reviewed) where \(condition.sql)
             order by o.created_at desc, o.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ condition: StaffOrderCondition) -> Statement<Int> {
        Statement("select count(*) from urgent.orders o where \(condition.sql)")
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
            StatementSample("urgent: orders for staff, counted", count(condition)),
            StatementSample("urgent: active orders for staff", page(now, Slice())),
            StatementSample("urgent: completed orders for staff", page(StaffOrderCondition(status: .completed), Slice())),
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

    /// Over `urgent.orders o`. By the status that holds now: the index narrows by the stored one first.
    var sql: SQL {
        var sql: SQL = "true"
        switch status {
        case .active: sql = "\(sql) and o.status = 'active' and o.deadline_at > now()"
        case .expired: sql = "\(sql) and o.status in ('expired', 'active') and \(OrderQueries.effectiveStatus) = 'expired'"
        case .closedNoResponse:
            sql = "\(sql) and o.status in ('closed_no_response', 'active') and \(OrderQueries.effectiveStatus) = 'closed_no_response'"
        case .deleted, .completed: sql = "\(sql) and o.status = \(status?.rawValue)"
        case nil: break
        }
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
