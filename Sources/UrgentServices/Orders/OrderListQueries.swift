import Postgres
import Service

/// The statement of a list of orders: one, whatever the page's size.
enum OrderListQueries {
    /// Of several sets of orders, each by an index that has its order, so that no more rows are read than are shown: the
    /// page, and how many there are in all.
    static func list(_ query: OrderQuery) -> Statement<ListedOrder> {
        let sets = query.sets.map(\.condition)
        let order: SQL = query.sort == .distance ? "c.distance nulls last, c.created_at desc, c.id desc"
            : "c.rank, c.created_at desc, c.id desc"
        return Statement(
            """
            select n.total, p.* from (select \(total(sets)) as total) n
            left join (
                select \(OrderQueries.columns()), x.place from (
                    select c.id, row_number() over (order by \(order)) as place from (\(union(query))) c
                    order by \(order) limit \(query.limit) offset \(query.offset)) x
                join urgent.orders o on o.id = x.id \(OrderQueries.reviewed)) p on true
            order by p.place
            """)
    }

    /// Of the active orders of a town, or of all, without what is known of them only after their end. Those that the table has
    /// for active are counted in an index (`orders_of_town`, `orders_newest`), less those whose time has passed, which are few
    /// and have indexes of their own (`orders_ending`, `unanswered_due`).
    static func feed(_ rest: SQL, limit: Int, offset: Int) -> Statement<ListedOrder> {
        Statement(
            """
            select n.total, p.* from (
                select (select count(*) from urgent.orders o where o.status = 'active' \(rest))
                     - (select count(*) from (
                          select o.id from urgent.orders o where o.status = 'active' and o.expires_at <= now() \(rest)
                          union
                          select o.id from urgent.unanswered w join urgent.orders o on o.id = w.order_id
                           where w.due_at <= now() and o.status = 'active' \(rest)) x) as total) n
            left join (
                select \(OrderQueries.columns(review: OrderQueries.noReview)), 0::bigint as place from urgent.orders o
                 where o.status = 'active' and o.deadline_at > now() \(rest)
                order by o.created_at desc, o.id desc limit \(limit) offset \(offset)) p on true
            order by p.created_at desc, p.id desc
            """)
    }

    private static func total(_ conditions: [SQL]) -> SQL {
        var sum: SQL = "(select count(*) from urgent.orders o where \(conditions[0]))"
        for condition in conditions.dropFirst() {
            sum = "\(sum) + (select count(*) from urgent.orders o where \(condition))"
        }
        return sum
    }

    private static func union(_ query: OrderQuery) -> SQL {
        var union: SQL = .empty
        for (index, set) in query.sets.enumerated() {
            let head: SQL = index == 0 ? "" : "union all "
            let one: SQL
            if query.sort == .distance, let distance = query.distance {
                one = "(select o.id, o.created_at, \(set.rank) as rank, \(distance) as distance from urgent.orders o where \(set.condition))"
            } else {
                one = """
                    (select o.id, o.created_at, \(set.rank) as rank, null::float8 as distance from urgent.orders o
                      where \(set.condition) order by o.created_at desc, o.id desc limit \(query.limit + query.offset))
                    """
            }
            union = "\(union) \(head)\(one)"
        }
        return union
    }
}

/// A set of orders of a list, and its place before or behind the others.
struct OrderSet: Sendable {
    let condition: SQL
    let rank: SQL
}

/// A row of a list: how many there are, and an order, if the page has any.
struct ListedOrder: Row {
    let total: Int
    let order: Order?

    init(_ row: inout RowReader) throws {
        total = try row.next()
        let id: String? = try row.next()
        guard let id else {
            order = nil
            return
        }
        order = try Order(OrderID(stored: id), &row)
        // Its place in the page, in which the rows come.
        row.skip()
    }
}
