import Postgres
import Service

/// The statement of a list of orders: one, whatever the page's size.
enum OrderListQueries {
    /// Of several sets of orders, each newest first: the page, and how many there are in all, as far as lists reach.
    static func list(_ query: OrderQuery) -> Statement<ListedOrder> {
        let order: SQL = query.sort == .distance ? "c.distance nulls last, c.created_at desc, c.id desc"
            : "c.rank, c.created_at desc, c.id desc"
        return Statement(
            """
            select n.total, p.* from (select least(\(query.reach), \(total(query)))::bigint as total) n
            left join (
                select \(OrderQueries.columns()), x.place from (
                    select c.id, row_number() over (order by \(order)) as place from (\(union(query))) c
                    order by \(order) limit \(query.rows) offset \(query.offset)) x
                join urgent.orders o on o.id = x.id \(OrderQueries.reviewed)) p on true
            order by p.place
            """)
    }

    /// Of the active orders of a town, or of all, without what is known of them only after their end. When the next deadline of
    /// any order passes say `orders_ending` and `unanswered_due`.
    static func feed(_ rest: SQL, limit: Int, offset: Int) -> Statement<FeedRow> {
        Statement(
            """
            select n.life, n.total, p.* from (
                select \(OrderSet.active(rest)) as total, (1e6 * extract(epoch from least(
                    (select o.expires_at from urgent.orders o where o.status = 'active' and o.expires_at > now()
                      order by o.expires_at limit 1),
                    (select w.due_at from urgent.unanswered w where w.due_at > now() order by w.due_at limit 1)) - now()))::bigint as life
            ) n
            left join (
                select \(OrderQueries.columns(review: OrderQueries.noReview)), 0::bigint as place from urgent.orders o
                 where \(OrderSet.isActive) \(rest)
                order by o.created_at desc, o.id desc limit \(limit) offset \(offset)) p on true
            order by p.created_at desc, p.id desc
            """)
    }

    private static func total(_ query: OrderQuery) -> SQL {
        var sum: SQL = "0"
        for set in query.sets { sum = "\(sum) + \(set.total(reach: query.reach))" }
        return sum
    }

    private static func union(_ query: OrderQuery) -> SQL {
        let distance = query.sort == .distance ? query.distance : nil
        var union: SQL = .empty
        for (index, set) in query.sets.enumerated() {
            let head: SQL = index == 0 ? "" : "union all "
            // By distance each may be the first.
            let most = distance != nil && set.hasPlaces && query.rows > 0 ? query.reach : query.depth
            union = """
                \(union) \(head)(select o.id, o.created_at, \(set.rank) as rank, \(distance ?? "null::float8") as distance
                    from (\(set.newest(most, reach: query.reach))) o)
                """
        }
        return union
    }
}

/// A row of a feed: how long it holds, and what it says.
struct FeedRow: Row {
    /// Until the next deadline of the board, to the microsecond; a minute while there is none.
    let life: Duration
    let listed: ListedOrder

    init(_ row: inout RowReader) throws {
        let microseconds: Int? = try row.next()
        life = microseconds.map { .microseconds($0) } ?? .seconds(60)
        listed = try ListedOrder(&row)
    }
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
