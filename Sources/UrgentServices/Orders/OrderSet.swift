import Postgres

/// A set of orders of a list, newest first by an index that has this order, and its place before or behind the other sets.
/// However many there are: no more of it is read than is shown, and no more is counted than a list reaches.
struct OrderSet: Sendable {
    enum Source: Sendable {
        /// Orders `o` of a condition.
        case orders(SQL)
        /// The same where no index says where they are: of the newest so many those that are near.
        case newest(SQL, Int, near: SQL)
        /// The active ones that an executor has not taken, with what else is asked of them.
        case active(besides: Int, SQL)
        /// What an executor has taken, all of it or of a condition.
        case taken(by: Int, SQL?)
    }

    let source: Source
    var rank: SQL = "0"
    /// Whether it has orders that are somewhere; the others have no distance by which they could be sorted.
    var hasPlaces = true

    /// `id, created_at, latitude, longitude` of the newest.
    func newest(_ most: Int, reach: Int) -> SQL {
        let columns: SQL = "o.id, o.created_at, o.latitude, o.longitude"
        let cut: SQL = "order by o.created_at desc, o.id desc limit \(most)"
        switch source {
        case .orders(let condition): return "select \(columns) from urgent.orders o where \(condition) \(cut)"
        case .newest(let condition, let candidates, let near):
            return """
                select \(columns) from (select \(columns) from urgent.orders o where \(condition)
                    order by o.created_at desc, o.id desc limit \(candidates)) o where \(near) \(cut)
                """
        case .active(let executor, let rest):
            return """
                select \(columns) from urgent.orders o
                 where \(Self.isActive) and not (o.takers @> array[\(executor)]::bigint[]) \(rest) \(cut)
                """
        case .taken(let executor, let condition):
            // Of takes the newest are known, and no order is newer than its take: none of the newest orders was taken before
            // the earliest of as many orders was made that were taken last.
            return """
                select \(columns) from (\(Self.takes(of: executor, reach, since:
                    """
                    (select min(n.created_at) from (
                        select o.created_at from (\(Self.takes(of: executor, reach))) t \(Self.order(of: condition))
                         order by t.taken_at desc, t.id desc limit \(most)) n)
                    """))) t \(Self.order(of: condition)) \(cut)
                """
        }
    }

    /// How many there are, as far as a list reaches.
    func total(reach: Int) -> SQL {
        switch source {
        case .orders(let condition): return Self.count("select from urgent.orders o where \(condition) limit \(reach)")
        case .newest(let condition, let candidates, let near):
            return Self.count(
                """
                select from (select o.latitude, o.longitude from urgent.orders o where \(condition)
                    order by o.created_at desc, o.id desc limit \(candidates)) o where \(near)
                """)
        case .active(let executor, let rest):
            // An order lives a day at the most.
            let own = Self.count(
                """
                select from urgent.executor_takes t \(Self.order(of: "\(Self.isActive) \(rest)"))
                 where t.executor_id = \(executor) and t.taken_at > now() - interval '1 day'
                """)
            return "\(Self.active(rest)) - \(own)"
        case .taken(let executor, nil): return Self.count(Self.takes(of: executor, reach))
        case .taken(let executor, let condition):
            return Self.count("select from (\(Self.takes(of: executor, reach))) t \(Self.order(of: condition))")
        }
    }

    /// How many are active. Those that the table has for active are counted in an index (`orders_of_town`, `orders_newest`),
    /// less those whose time has passed, which are few and have indexes of their own (`orders_ending`, `unanswered_due`).
    static func active(_ rest: SQL) -> SQL {
        """
        (select count(*) from urgent.orders o where o.status = 'active' \(rest)) - \(count(
            """
            select o.id from urgent.orders o where o.status = 'active' and o.expires_at <= now() \(rest)
            union
            select o.id from urgent.unanswered w join urgent.orders o on o.id = w.order_id
             where w.due_at <= now() and o.status = 'active' \(rest)
            """))
        """
    }

    static let isActive: SQL = "o.status = 'active' and o.deadline_at > now()"

    private static func count(_ rows: SQL) -> SQL { "(select count(*) from (\(rows)) x)" }

    /// The newest takes of an executor, by `executor_takes_of_executor`.
    private static func takes(of executor: Int, _ most: Int, since start: SQL = "'-infinity'") -> SQL {
        """
        select t.order_id, t.taken_at, t.id from urgent.executor_takes t
         where t.executor_id = \(executor) and t.taken_at >= \(start)
         order by t.taken_at desc, t.id desc limit \(most)
        """
    }

    /// The order of each take, looked up by its key and in no other way.
    private static func order(of condition: SQL?) -> SQL {
        """
        cross join lateral (
            select o.id, o.created_at, o.latitude, o.longitude from urgent.orders o
             where o.id = t.order_id and \(condition ?? "true") limit 1) o
        """
    }
}
