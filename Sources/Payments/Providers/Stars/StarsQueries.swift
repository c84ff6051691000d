import Postgres
import Service
import Values

/// The SQL of what we remember of payments in Stars.
enum StarsQueries {
    /// Once per attempt: what it asks for stays, whatever becomes of the rate.
    static func insert(
        _ attempt: PaymentAttempt, bot: String, number: Int, payload: String, stars: Int, now: Instant
    ) -> Command {
        Command(
            """
            insert into payments.star_orders (attempt_id, bot, bot_id, payload, stars, created_at)
            values (\(attempt.id), \(bot), \(number), \(payload), \(stars), \(now))
            on conflict (attempt_id) do nothing
            """)
    }

    /// With its charge, the first if there were several.
    static func order(of attempt: ID<PaymentAttempt>) -> Statement<StarOrder> {
        Statement(
            """
            select o.bot, o.bot_id, o.payload, o.stars, o.promised_at, o.told_at, m.charge_id, m.user_id, m.stars,
                   exists (select from payments.star_movements r
                            where r.bot_id = o.bot_id and r.charge_id = m.charge_id and r.kind = 'refund')
              from payments.star_orders o
              left join lateral (
                select x.charge_id, x.user_id, x.stars from payments.star_movements x
                 where x.payload = o.payload and x.bot_id = o.bot_id and x.kind = 'payment'
                 order by x.at, x.charge_id limit 1) m on true
             where o.attempt_id = \(attempt)
            """)
    }

    // MARK: Before and after paying

    /// Promises the order to one payer, once however often Telegram asks: while its payment is pending, for that many Stars,
    /// and while nobody else is about to pay or has paid.
    static func promise(_ query: PreCheckoutQuery, bot: String, now: Instant) -> Command {
        Command(
            """
            update payments.star_orders o set promised_to = \(query.id), promised_at = \(now)
              from payments.attempts a join payments.payments p on p.id = a.payment_id
             where o.bot = \(bot) and o.payload = \(query.payload) and o.stars = \(query.amount)
               and a.id = o.attempt_id and p.status = 'pending' and p.expires_at > \(now)
               and (o.promised_at is null or o.promised_to = \(query.id) or o.promised_at <= \(now - StarOrder.promise))
               and not exists (select from payments.star_movements m
                                where m.payload = o.payload and m.bot_id = o.bot_id and m.kind = 'payment')
            """)
    }

    /// Why an order was not promised.
    static func refusal(_ query: PreCheckoutQuery, bot: String, now: Instant) -> Statement<PreCheckoutRefusal> {
        Statement(
            """
            select p.succeeded_at is not null, p.status = 'pending' and p.expires_at > \(now), o.stars = \(query.amount)
              from payments.star_orders o
              join payments.attempts a on a.id = o.attempt_id join payments.payments p on p.id = a.payment_id
             where o.bot = \(bot) and o.payload = \(query.payload)
            """)
    }

    /// Telegram has told that it is paid.
    static func told(payload: String, bot: String, now: Instant) -> Command {
        Command(
            """
            update payments.star_orders set told_at = \(now)
             where bot = \(bot) and payload = \(payload) and told_at is null
            """)
    }

    // MARK: The list

    static func length(of bot: Int) -> Statement<Int> {
        Statement("select length from payments.star_lists where bot_id = \(bot)")
    }

    /// What has been read before stays as it is.
    static func keep(_ movements: [StarMovement], bot: Int) -> Command {
        Command(
            """
            insert into payments.star_movements (bot_id, charge_id, kind, user_id, payload, stars, at)
            select \(bot), m.charge_id, m.kind, m.user_id, nullif(m.payload, ''), m.stars, m.at
              from unnest(\(movements.map(\.chargeID))::text[], \(movements.map(\.kind.rawValue))::text[],
                          \(movements.map(\.userID))::bigint[], \(movements.map { $0.payload ?? "" })::text[],
                          \(movements.map(\.stars))::int[], \(movements.map(\.at))::timestamptz[])
                   as m (charge_id, kind, user_id, payload, stars, at)
            on conflict do nothing
            """)
    }

    /// Of several who read at once the one who came farthest is believed.
    static func advance(_ bot: Int, to length: Int) -> Command {
        Command(
            """
            insert into payments.star_lists as l (bot_id, length) values (\(bot), \(length))
            on conflict (bot_id) do update set length = greatest(l.length, excluded.length)
            """)
    }

    /// What was paid in a time, whether or not an order of ours is known for it. Index `star_movements_at`.
    static func receipts(
        of bots: [Int], from: Instant, to: Instant, after last: StarReceipt?, limit: Int
    ) -> Statement<StarReceipt> {
        let later: SQL = last.map { "and (m.at, m.charge_id) > (\($0.at), \($0.chargeID))" } ?? .empty
        return Statement(
            """
            select m.charge_id, m.at, m.stars, o.payload, o.stars, a.amount, p.currency,
                   exists (select from payments.star_movements r
                            where r.bot_id = m.bot_id and r.charge_id = m.charge_id and r.kind = 'refund')
              from payments.star_movements m
              left join payments.star_orders o on o.payload = m.payload and o.bot_id = m.bot_id
              left join payments.attempts a on a.id = o.attempt_id
              left join payments.payments p on p.id = a.payment_id
             where m.kind = 'payment' and m.bot_id = any(\(bots)) and m.at >= \(from) and m.at < \(to) \(later)
             order by m.at, m.charge_id limit \(limit)
            """, .report)
    }

    static var samples: [StatementSample] {
        let now = Instant.now
        let query = PreCheckoutQuery(id: "x", currency: "XTR", amount: 1, payload: "x")
        let attempt = PaymentAttempt(
            id: .new(), paymentID: .new(), number: 1, provider: "x", idempotencyKey: .zero, orderID: nil, checkout: nil,
            amount: Money(minor: 1, currency: .rub))
        return [
            StatementSample("stars.insert", insert(attempt, bot: "x", number: 1, payload: "x", stars: 1, now: now)),
            StatementSample("stars.order", order(of: .new())),
            StatementSample("stars.promise", promise(query, bot: "x", now: now)),
            StatementSample("stars.refusal", refusal(query, bot: "x", now: now)),
            StatementSample("stars.told", told(payload: "x", bot: "x", now: now)),
            StatementSample("stars.length", length(of: 1)),
            StatementSample("stars.keep", keep([], bot: 1)),
            StatementSample("stars.advance", advance(1, to: 1)),
            StatementSample("stars.receipts", receipts(of: [1], from: now, to: now, after: nil, limit: 1)),
            StatementSample(
                "stars.receipts.next",
                receipts(of: [1], from: now, to: now, after: StarReceipt(chargeID: "x", at: now), limit: 1)),
        ]
    }
}
