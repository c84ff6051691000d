import Postgres
import Service
import Values

/// The SQL of what has moved balances: the ledger's entries on the wallets of the board's people.
enum MovementQueries {
    /// A wallet is the platform's own: what moves it otherwise is told as a correction.
    private static let kind: SQL = """
        case t.kind when 'payment' then 'recharge' when 'wallet_filling' then 'recharge' when 'urgent_take' then 'order_take' when 'urgent_refund' then 'refund'
                    when 'payment_refund' then 'payment_refund' else 'adjustment' end
        """
    /// The key of a take or its refund names the order: `urgent:take:<order>:<executor>`.
    private static let order: SQL =
        "case when t.kind in ('urgent_take', 'urgent_refund') then split_part(t.idempotency_key, ':', 3) end"
    private static let columns: SQL = """
        e.id, u.id, \(kind), e.amount / 100, e.balance_after / 100, \(order), i.id,
        coalesce(i.provider, p.provider),
        attempt.provider_payment_id, t.description, staff.id, t.at
        """
    private static let entries: SQL = "payments.entries e join urgent.users u on u.wallet_id = e.account_id and u.left_at is null"
    private static let tables: SQL = "(\(entries) join payments.transactions t on t.id = e.transaction_id)"
    /// What belongs to a movement; each at most one row, found by its key.
    private static let beside: SQL = """
        left join urgent.payment_invoices i on t.object_type = 'payment' and i.payment_id = t.object_id
        left join payments.payments p on t.object_type = 'payment' and p.id = t.object_id
        left join payments.attempts attempt on attempt.payment_id = p.id and attempt.status = 'succeeded'
        left join urgent.users staff on staff.account_id = t.created_by and staff.left_at is null
        """

    /// Newest first. Indexes `entries_pkey`, `entries_account`, `transactions_urgent`.
    static func page(_ condition: MovementCondition, _ page: Slice) -> Statement<Movement> {
        let order: SQL = condition.isByKind ? "at desc, id desc" : "id desc"
        let found = SQL.each(condition.parts) { part in
            "select e.id, t.at from \(tables) where \(part) order by \(order) limit \(page.depth)"
        }
        return Statement(
            """
            select \(columns) from (
                select f.id, row_number() over (order by \(order)) as place from (\(found)) f
                 order by \(order) limit \(page.limit) offset \(page.offset)) x
              join \(tables) on e.id = x.id \(beside)
             order by x.place
            """, .report)
    }

    /// - Parameter reach: how many are counted.
    static func count(_ condition: MovementCondition, reach: Int) -> Statement<Int> {
        let source = condition.asksOfTransactions ? tables : entries
        let found = SQL.each(condition.parts) { "select from \(source) where \($0) limit \(reach)" }
        return Statement("select least(count(*), \(reach)) from (\(found)) f", .report)
    }

    /// What takes of one order have moved, the earliest first. Indexes `executor_takes_once`, `entries_transaction`.
    static func of(order: OrderID) -> Statement<Movement> {
        Statement(
            """
            select \(columns)
              from (select k.transaction_id as id from urgent.executor_takes k where k.order_id = \(order.text)
                    union all
                    select k.refund_id from urgent.executor_takes k where k.order_id = \(order.text)) moved
              join payments.transactions t on t.id = moved.id join payments.entries e on e.transaction_id = t.id
              join urgent.users u on u.wallet_id = e.account_id and u.left_at is null
              \(beside)
             order by e.id
            """)
    }

    static var samples: [StatementSample] {
        let condition = MovementCondition(user: 1, kind: .recharge, from: .distantPast, to: .distantPast)
        return [
            StatementSample("urgent: movements", page(condition, Slice())),
            StatementSample("urgent: all movements", page(MovementCondition(), Slice())),
            StatementSample("urgent: movements of a kind", page(MovementCondition(kind: .recharge), Slice())),
            StatementSample("urgent: movements, counted", count(condition, reach: 1)),
            StatementSample("urgent: all movements, counted", count(MovementCondition(), reach: 1)),
            StatementSample("urgent: movements of an order", of(order: OrderID(stored: ""))),
        ]
    }
}

/// Which movements are asked for; nil narrows nothing.
struct MovementCondition: Sendable {
    var user: Int?
    var kind: MovementType?
    var from: Instant?
    var to: Instant?

    /// Whether it is asked what they are, or when they were.
    var asksOfTransactions: Bool { kind != nil || from != nil || to != nil }

    /// Whether they are found by what they are: all of the board's of a kind that is rarer than takes.
    var isByKind: Bool { user == nil && kind != nil && kind != .orderTake }

    /// Over `payments.entries e`, `payments.transactions t` and `urgent.users u`: parts that have nothing in common, each served
    /// by an index.
    var parts: [SQL] {
        guard let kind else { return [rest] }
        if isByKind {
            return kind.kinds.map { "t.product = 'urgent' and t.kind <> 'urgent_take' and t.kind = \($0) and \(rest)" }
        }
        return ["\(kind.condition) and \(rest)"]
    }

    private var rest: SQL {
        var sql: SQL = "true"
        // The account by itself, so that the index gives his newest without reading all.
        if let user {
            sql = "\(sql) and u.id = \(user) and e.account_id = (select w.wallet_id from urgent.users w where w.id = \(user))"
        }
        if let from { sql = "\(sql) and t.at >= \(from)" }
        if let to { sql = "\(sql) and t.at < \(to)" }
        return sql
    }
}
