import Postgres
import Values

/// The SQL of who is told what.
enum NewsQueries {
    /// Whether the board's bot or a browser reaches a user `u` (telegram_chats_user_idx, devices_user_idx).
    private static let isReachable: SQL = """
        (exists (select from notifications.telegram_chats c
                  where c.user_id = u.account_id and c.bot = 'urgent' and c.blocked_at is null)
         or exists (select from notifications.devices d where d.user_id = u.account_id and d.disabled_at is null))
        """

    /// Those of some people whom anything reaches (users_pkey).
    static func reachable(_ ids: [Int]) -> Statement<BoardPerson> {
        Statement(
            """
            select u.id, u.account_id from urgent.users u
             where u.id = any(\(ids)::bigint[]) and \(isReachable)
            """)
    }

    /// Whom customers have chosen; no row where nobody was.
    static func chosen(of orders: [OrderID]) -> Statement<ChosenExecutor> {
        Statement(
            """
            select o.id, o.chosen_executor_id from urgent.orders o
             where o.id = any(\(orders.map(\.text))::text[]) and o.chosen_executor_id is not null
            """)
    }

    /// Orders whose customers are to be reminded now: they are from here on. Index `unanswered_reminders`.
    static func claimReminders(limit: Int) -> Statement<String> {
        Statement(
            """
            with due as (
                select n.order_id from urgent.unanswered n where n.remind_at <= now()
                 order by n.remind_at limit \(limit) for update skip locked
            )
            update urgent.unanswered n set remind_at = null from due where n.order_id = due.order_id returning n.order_id
            """)
    }

    // MARK: Digests

    /// What is open to an executor `u` among orders `o`: not his own, in his towns and categories, with a place left.
    private static func isOpen(_ places: Int) -> SQL {
        """
        o.status = 'active' and o.deadline_at > now() and o.takes_count < \(places)
            and o.city = any(u.subscribed_cities) and o.category = any(u.subscribed_categories)
            and o.client_id <> u.id and u.id <> all(o.takers)
        """
    }

    /// Executors for whom there is something and whose quiet is over: from now on it lasts again. Those whom no bot and no
    /// browser reaches are not asked; somebody whom another instance is at is left to it. Indexes `users_by_city`,
    /// `orders_of_town`.
    static func claimDue(places: Int, limit: Int) -> Statement<ClaimedExecutor> {
        Statement(
            """
            with towns as (
                select array_agg(distinct o.city::text) as names from urgent.orders o
                 where o.status = 'active' and o.deadline_at > now() and o.takes_count < \(places)
            ), due as (
                select u.id, u.last_notified_at as before from urgent.users u, towns
                 where u.notifications_enabled and u.subscribed_cities && towns.names and u.blocked_at is null and u.left_at is null
                   and (u.last_notified_at is null
                        or u.last_notified_at <= now() - make_interval(mins => u.notification_frequency_minutes))
                   and \(isReachable)
                   and exists (select from urgent.orders o where \(isOpen(places)))
                 order by u.last_notified_at nulls first, u.id limit \(limit)
                 for no key update of u skip locked
            )
            update urgent.users u set last_notified_at = now() from due where u.id = due.id
            returning u.id, u.last_notified_at, due.before
            """)
    }

    /// Somebody was claimed and there was nothing to tell him after all: his quiet is what it was (users_pkey).
    static func unclaim(_ claim: SendDigest) -> Command {
        Command(
            """
            update urgent.users set last_notified_at = \(claim.before)
             where id = \(claim.user) and last_notified_at >= \(claim.at)
            """)
    }

    /// What is open to an executor now, the newest first, and how many there are in all.
    static func openOrders(to user: Int, places: Int, limit: Int) -> Statement<OpenOrder> {
        Statement(
            """
            select o.id, o.category, o.city, ceil(extract(epoch from o.deadline_at - now()) / 60)::integer,
                   \(places) - o.takes_count, count(*) over ()
              from urgent.users u join urgent.orders o on \(isOpen(places))
             where u.id = \(user) and u.notifications_enabled and u.blocked_at is null
             order by o.created_at desc, o.id desc limit \(limit)
            """)
    }

    static var samples: [StatementSample] {
        [
            StatementSample("urgent: reachable people", reachable([])),
            StatementSample("urgent: chosen executors", chosen(of: [])),
            StatementSample("urgent: due reminders", claimReminders(limit: 1)),
            StatementSample("urgent: due executors", claimDue(places: 3, limit: 1)),
            StatementSample("urgent: claim given up", unclaim(SendDigest(user: 1, at: .distantPast, before: nil))),
            StatementSample("urgent: open orders", openOrders(to: 1, places: 3, limit: 1)),
        ]
    }
}

/// Somebody who is told something.
struct BoardPerson: Row {
    let id: Int
    let account: UUID

    init(_ row: inout RowReader) throws {
        id = try row.next()
        account = try row.next()
    }
}

/// The executor whom a customer has named in the end.
struct ChosenExecutor: Row {
    let order: OrderID
    let executor: Int

    init(_ row: inout RowReader) throws {
        order = OrderID(stored: try row.next())
        executor = try row.next()
    }
}

/// An executor who is to be told now, what is noted as the instant of it, and when he was told last before.
struct ClaimedExecutor: Row {
    let id: Int
    let at: Instant
    let before: Instant?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        at = try row.next()
        before = try row.next()
    }
}

/// An order that an executor may take.
struct OpenOrder: Row {
    let id: String
    let category: String
    let city: String
    let minutesLeft: Int
    let free: Int
    /// How many are open to him in all.
    let total: Int

    init(_ row: inout RowReader) throws {
        id = try row.next()
        category = try row.next()
        city = try row.next()
        minutesLeft = try row.next()
        free = try row.next()
        total = try row.next()
    }
}
