import Postgres
import Service
import Values

/// The SQL of the nightly look: each statement goes through its tables once, on a connection of its own.
enum InspectionQueries {
    static var looks: [Statement<Discrepancy>] { [takes, done, charges, ratings, balances] }

    /// What an order says of its takes, and the takes.
    static var takes: Statement<Discrepancy> {
        Statement(
            """
            with counted as (
                select t.order_id, array_agg(t.executor_id order by t.taken_at, t.id) as takers
                  from urgent.executor_takes t group by t.order_id
            )
            select 'takes', o.id, o.takes_count || ' ' || o.takers::text, coalesce(c.takers, '{}')::text
              from urgent.orders o left join counted c on c.order_id = o.id
             where o.takers is distinct from coalesce(c.takers, '{}') or o.takes_count <> cardinality(coalesce(c.takers, '{}'))
             limit 1000
            """, .report)
    }

    static var done: Statement<Discrepancy> {
        Statement(
            """
            select 'done', t.order_id || ' ' || t.executor_id, t.is_done::text, o.status
              from urgent.executor_takes t join urgent.orders o on o.id = t.order_id
             where t.is_done <> (o.status = 'completed')
             limit 1000
            """, .report)
    }

    /// What takes cost and gave back, in roubles, and what it moved in a wallet.
    static var charges: Statement<Discrepancy> {
        Statement(
            """
            select 'charge', m.order_id || ' ' || m.executor_id, m.amount::text, coalesce(moved.amount::text, 'nothing')
              from (select t.order_id, t.executor_id, t.transaction_id as id, -t.cost * 100 as amount
                      from urgent.executor_takes t where t.cost > 0
                    union all
                    select t.order_id, t.executor_id, t.refund_id, t.cost * 100
                      from urgent.executor_takes t where t.cost > 0 and t.refunded_at is not null) m
              left join lateral (
                select sum(e.amount) as amount from payments.entries e join payments.accounts a on a.id = e.account_id
                 where e.transaction_id = m.id and a.is_wallet) moved on true
             where moved.amount is distinct from m.amount
             limit 1000
            """, .report)
    }

    static var ratings: Statement<Discrepancy> {
        Statement(
            """
            with counted as (
                select r.executor_id, count(*)::int as count, round(avg(r.rating), 2) as average
                  from urgent.client_reviews r where r.status = 'visible' group by r.executor_id
            )
            select 'rating', u.id::text, u.average_rating || ' of ' || u.reviews_count,
                   coalesce(c.average, 0) || ' of ' || coalesce(c.count, 0)
              from urgent.users u left join counted c on c.executor_id = u.id
             where (u.average_rating, u.reviews_count) is distinct from (coalesce(c.average, 0), coalesce(c.count, 0))
             limit 1000
            """, .report)
    }

    static var balances: Statement<Discrepancy> {
        Statement(
            """
            select 'balance', u.id::text, a.balance::text, coalesce(sum(e.amount), 0)::text
              from urgent.users u join payments.accounts a on a.id = u.wallet_id
              left join payments.entries e on e.account_id = a.id
             group by u.id, a.id having a.balance <> coalesce(sum(e.amount), 0)
             limit 1000
            """, .report)
    }

    /// Index `users_staff`.
    static var admins: Statement<InspectionReader> {
        Statement(
            """
            select i.id, i.email from urgent.users u join identity.users i on i.id = u.account_id
             where u.role = 'admin' and u.role <> 'user' and u.left_at is null and i.status = 'active'
            """)
    }

    static var samples: [StatementSample] {
        [
            StatementSample("urgent: takes, inspected", takes), StatementSample("urgent: done takes, inspected", done),
            StatementSample("urgent: charges, inspected", charges),
            StatementSample("urgent: ratings, inspected", ratings), StatementSample("urgent: balances, inspected", balances),
            StatementSample("urgent: administrators", admins),
        ]
    }
}
