import Postgres
import Service
import Values

/// The SQL of the board's figures: a fixed number of statements, whatever the range. Days are Moscow's.
enum StatisticsQueries {
    /// Indexes `users_created`, `users_blocked`.
    static func people(_ range: StatisticsRange) -> Statement<PeopleFigures> {
        Statement(
            """
            select (select count(*) from urgent.users),
                   (select count(*) from urgent.users where created_at >= \(range.start) and created_at < \(range.end)),
                   (select count(*) from urgent.users where blocked_at is not null),
                   (select count(*) from urgent.users where notifications_enabled)
            """, .report)
    }

    /// Orders made within the range, by what has become of them, and how soon they were taken. Indexes `orders_created`,
    /// `orders_newest`.
    static func orders(_ range: StatisticsRange) -> Statement<OrderFigures> {
        Statement(
            """
            select count(*), (select count(*) from urgent.orders a where a.status = 'active' and a.deadline_at > now()),
                   count(*) filter (where e.status = 'completed'), count(*) filter (where e.status = 'expired'),
                   count(*) filter (where e.status = 'expired' and o.takes_count = 0),
                   count(*) filter (where e.status = 'closed_no_response'), count(*) filter (where e.status = 'deleted'),
                   coalesce(round(avg(o.takes_count) filter (where e.status <> 'deleted'), 2), 0)::numeric(6,2),
                   round(percentile_cont(0.5) within group (
                       order by extract(epoch from o.first_taken_at - o.created_at)))::bigint
              from urgent.orders o cross join lateral (select \(OrderQueries.effectiveStatus) as status) e
             where o.created_at >= \(range.start) and o.created_at < \(range.end)
            """, .report)
    }

    /// What was taken within the range, with what it cost. An order is taken within a day of being made (it lives no longer),
    /// so that the index of orders finds the takes. Indexes `orders_created`, `executor_takes_once`.
    static func takes(_ range: StatisticsRange) -> Statement<TakeFigures> {
        Statement(
            """
            select count(*), coalesce(sum(t.cost), 0)::bigint
              from urgent.orders o join urgent.executor_takes t on t.order_id = o.id
             where o.created_at >= \(range.start - .days(1)) and o.created_at < \(range.end)
               and t.taken_at >= \(range.start) and t.taken_at < \(range.end)
            """, .report)
    }

    /// Reviews written and complaints made within the range. Indexes `client_reviews_newest`, `executor_complaints_newest`.
    static func opinions(_ range: StatisticsRange) -> Statement<OpinionFigures> {
        Statement(
            """
            select r.count, r.average, r.hidden, k.open, k.accepted, k.rejected
              from (select count(*) as count, coalesce(round(avg(rating) filter (where status = 'visible'), 2), 0)::numeric(3,2) as average,
                           count(*) filter (where status = 'hidden') as hidden
                      from urgent.client_reviews where created_at >= \(range.start) and created_at < \(range.end)) r,
                   (select count(*) filter (where status = 'open') as open,
                           count(*) filter (where status = 'accepted') as accepted,
                           count(*) filter (where status = 'rejected') as rejected
                      from urgent.executor_complaints where created_at >= \(range.start) and created_at < \(range.end)) k
            """, .report)
    }

    /// What wallets have got and lost within the range besides takes, and what is in them. Indexes `transactions_urgent`,
    /// `entries_transaction`, `payments_status_expiry`.
    static func money(_ range: StatisticsRange) -> Statement<MoneyFigures> {
        Statement(
            """
            select coalesce(sum(m.amount) filter (where m.kind in ('payment', 'wallet_filling')), 0)::bigint / 100,
                   coalesce(sum(m.amount) filter (where m.kind = 'urgent_refund'), 0)::bigint / 100,
                   coalesce(sum(m.amount) filter (where m.kind = 'adjustment'), 0)::bigint / 100,
                   (select count(*) from urgent.payment_invoices i join payments.payments p on p.id = i.payment_id
                     where p.status in ('created', 'pending', 'authorized', 'unknown')),
                   (select coalesce(sum(a.balance), 0)::bigint / 100
                      from urgent.users u join payments.accounts a on a.id = u.wallet_id)
              from (select t.kind, e.amount
                      from payments.transactions t join payments.entries e on e.transaction_id = t.id
                      join payments.accounts a on a.id = e.account_id and a.is_wallet
                     where t.product = 'urgent' and t.kind <> 'urgent_take' and t.at >= \(range.start) and t.at < \(range.end)
                       and t.kind in ('payment', 'wallet_filling', 'urgent_refund', 'adjustment')) m
            """, .report)
    }

    /// Every day of the range, also those on which nothing happened.
    static func days(_ range: StatisticsRange) -> Statement<DayFigures> {
        Statement(
            """
            with made as (
                select \(day("o.created_at")) as day, count(*) as count from urgent.orders o
                 where o.created_at >= \(range.start) and o.created_at < \(range.end) group by 1
            ), taken as (
                select \(day("t.taken_at")) as day, count(*) as count
                  from urgent.orders o join urgent.executor_takes t on t.order_id = o.id
                 where o.created_at >= \(range.start - .days(1)) and o.created_at < \(range.end)
                   and t.taken_at >= \(range.start) and t.taken_at < \(range.end) group by 1
            ), paid as (
                select \(day("t.at")) as day, sum(e.amount)::bigint / 100 as amount
                  from payments.transactions t join payments.entries e on e.transaction_id = t.id
                  join payments.accounts a on a.id = e.account_id and a.is_wallet
                 where t.product = 'urgent' and t.kind in ('payment', 'wallet_filling') and t.kind <> 'urgent_take'
                   and t.at >= \(range.start) and t.at < \(range.end) group by 1
            )
            select d.day::date, coalesce(made.count, 0), coalesce(taken.count, 0), coalesce(paid.amount, 0)
              from generate_series(\(range.from)::date, \(range.to)::date, interval '1 day') d(day)
              left join made on made.day = d.day::date left join taken on taken.day = d.day::date
              left join paid on paid.day = d.day::date
             order by 1
            """, .report)
    }

    /// Moscow is three hours ahead of UTC all the year.
    private static func day(_ instant: SQL) -> SQL { "(\(instant) at time zone 'UTC' + interval '3 hours')::date" }

    static func topCities(_ range: StatisticsRange) -> Statement<NamedCount> { top("o.city", range) }
    static func topCategories(_ range: StatisticsRange) -> Statement<NamedCount> { top("o.category", range) }

    private static func top(_ column: SQL, _ range: StatisticsRange) -> Statement<NamedCount> {
        Statement(
            """
            select \(column), count(*) from urgent.orders o
             where o.created_at >= \(range.start) and o.created_at < \(range.end) and o.status <> 'deleted'
             group by 1 order by 2 desc, 1 limit 10
            """, .report)
    }

    static var samples: [StatementSample] {
        let range = StatisticsRange(from: .first, to: .first)
        return [
            StatementSample("figures of people", people(range)), StatementSample("figures of orders", orders(range)),
            StatementSample("figures of takes", takes(range)), StatementSample("figures of opinions", opinions(range)),
            StatementSample("figures of money", money(range)), StatementSample("figures by day", days(range)),
            StatementSample("towns by orders", topCities(range)), StatementSample("categories by orders", topCategories(range)),
        ]
    }
}
