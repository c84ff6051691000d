import JSON
import Postgres
import Service
import Values

/// The SQL of comparisons.
enum ReconciliationQueries {
    /// Orders begun in a time, with what became of their payments. Index `attempts_provider_created`.
    static func booked(
        _ provider: String, from: Instant, to: Instant, settledBefore: Instant, after last: String?, limit: Int
    ) -> Statement<BookedPayment> {
        let later: SQL = last.map { "and t.provider_order_id > \($0)" } ?? .empty
        return Statement(
            """
            select p.reference::text, t.provider_order_id, t.provider_payment_id, p.captured, p.currency, p.refunded,
                   p.succeeded_at is not null and t.status = 'succeeded', t.created_at < \(settledBefore)
              from payments.attempts t join payments.payments p on p.id = t.payment_id
             where t.provider = \(provider) and t.created_at >= \(from) and t.created_at < \(to)
               and t.provider_order_id is not null \(later)
             order by t.provider_order_id limit \(limit)
            """, .report)
    }

    /// A run that is repeated says what it found last.
    static func keep(
        _ provider: String, _ day: Day, checked: Int, matched: Int, differences: [Difference], now: Instant
    ) -> Command {
        Command(
            """
            insert into payments.reconciliations (provider, day_on, created_at, checked, matched, differences)
            values (\(provider), \(day), \(now), \(checked), \(matched), \(JSONText(encoding: differences)))
            on conflict (provider, day_on) do update
               set created_at = excluded.created_at, checked = excluded.checked, matched = excluded.matched,
                   differences = excluded.differences
            """)
    }

    /// Newest first. Index `reconciliations_day`.
    static func page(_ filter: ReconciliationFilter, _ page: PageRequest) -> Statement<Reconciliation> {
        let order: SQL = page.isDescending ? "k.day_on desc, k.provider" : "k.day_on, k.provider"
        return Statement(
            """
            select k.provider, k.day_on, k.created_at, k.checked, k.matched, k.differences from payments.reconciliations k
             where \(condition(filter)) order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: ReconciliationFilter) -> Statement<Int> {
        Statement("select count(*) from payments.reconciliations k where \(condition(filter))")
    }

    private static func condition(_ filter: ReconciliationFilter) -> SQL {
        var condition: SQL = "true"
        if let provider = filter.provider { condition = "\(condition) and k.provider = \(provider)" }
        if let from = filter.from { condition = "\(condition) and k.day_on >= \(from)" }
        if let to = filter.to { condition = "\(condition) and k.day_on <= \(to)" }
        return condition
    }

    /// How many accounts and transactions the book has.
    static var bookSize: Statement<Int> {
        Statement(
            "select (select count(*) from payments.accounts) + (select count(*) from payments.transactions)", .report)
    }

    static var samples: [StatementSample] {
        let now = Instant.now
        let filter = ReconciliationFilter(provider: "x", from: now.day, to: now.day)
        return [
            StatementSample(
                "reconciliations.booked", booked("x", from: now, to: now, settledBefore: now, after: "x", limit: 1)),
            StatementSample(
                "reconciliations.keep", keep("x", now.day, checked: 0, matched: 0, differences: [], now: now)),
            StatementSample("reconciliations.page", page(filter, PageRequest(sort: "day", isDescending: true))),
            StatementSample("reconciliations.count", count(filter)),
            StatementSample("reconciliations.bookSize", bookSize),
        ]
    }
}
