import Postgres
import Service
import Values

/// What came in and went back, by day.
package struct RevenueFigures: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How the trend is divided.
    package enum Step: String, Sendable { case day, week, month }

    package var all: [Figure] {
        [
            Figure("payments.succeeded", title: "Payments that succeeded", product: "payments", by: "product") { day in
                try await database.all(RevenueQueries.succeeded(on: day)).map(\.count)
            },
            Figure(
                "payments.revenue", title: "Received less what went back", product: "payments", unit: .money,
                by: "currency"
            ) { day in
                let rows = try await database.all(RevenueQueries.moved(from: day, to: day, .day, within: "true"))
                return rows.filter { $0.part == .total }.map { FigureCount($0.currency.code, $0.amount) }
            },
        ]
    }

    /// Succeeded minus refunded between two days, both inclusive, in UTC: in all and by its parts.
    ///
    /// - Parameter within: a condition on the payments `p`: where they were made.
    package func revenue(from: Day, to: Day, _ step: Step, within: SQL) async throws -> [RevenueRow] {
        try await database.all(RevenueQueries.moved(from: from, to: to, step, within: within))
    }

    /// The day of the first payment that succeeded; nil without any.
    package func firstDay(within: SQL) async throws -> Day? {
        try await database.first(RevenueQueries.first(within: within))?.day
    }
}

/// A sum of what moved.
package struct RevenueRow: Row {
    package enum Part: String, CaseIterable, Sendable { case total, product, source, plan, trend }

    package let part: Part
    /// Empty for the total; of the trend the first day of the step.
    package let key: String
    package let currency: Currency
    package let amount: Int64
    package let payments: Int
    package let refunded: Int64

    package init(_ row: inout RowReader) throws {
        part = try row.next()
        key = try row.next()
        currency = try row.next()
        amount = try row.next()
        payments = try row.next()
        refunded = try row.next()
    }
}

/// A day that may not be.
package struct FirstDay: Row {
    package let day: Day?

    package init(_ row: inout RowReader) throws { day = try row.next() }
}

/// The SQL of what moved.
enum RevenueQueries {
    /// payments_succeeded_at
    static func succeeded(on day: Day) -> Statement<ProductCount> {
        Statement(
            """
            select p.product, count(*) from payments.payments p
            where p.succeeded_at >= \(Instant(day)) and p.succeeded_at < \(Instant(day.adding(days: 1)))
            group by 1 order by 1
            """, .report)
    }

    /// payments_succeeded_at, refunds_succeeded_at. A refund that has succeeded does not change any more.
    static func moved(from: Day, to: Day, _ step: RevenueFigures.Step, within: SQL) -> Statement<RevenueRow> {
        let (start, end) = (Instant(from), Instant(to.adding(days: 1)))
        return Statement(
            """
            with moved as (
                select p.succeeded_at as at, p.currency, p.product, coalesce(p.provider, p.method, 'unknown') as source,
                    p.metadata->>'plan' as plan, p.captured as amount, 1 as payments, 0::bigint as refunded
                from payments.payments p
                where p.succeeded_at >= \(start) and p.succeeded_at < \(end) and \(within)
                union all
                select r.updated_at, p.currency, p.product, coalesce(p.provider, p.method, 'unknown'),
                    p.metadata->>'plan', -r.amount, 0, r.amount
                from payments.refunds r join payments.payments p on p.id = r.payment_id
                where r.status = 'succeeded' and r.updated_at >= \(start) and r.updated_at < \(end) and \(within))
            select k.part, k.key, m.currency, sum(m.amount)::bigint, sum(m.payments)::bigint, sum(m.refunded)::bigint
            from moved m cross join lateral (values ('total', ''), ('product', m.product), ('source', m.source),
                ('plan', m.plan), ('trend', to_char(date_trunc(\(step.rawValue)::text, m.at at time zone 'UTC'), 'YYYY-MM-DD'))
              ) k (part, key)
            where k.key is not null group by 1, 2, 3 order by 1, 2, 3
            """, .report)
    }

    static func first(within: SQL) -> Statement<FirstDay> {
        Statement(
            """
            select (min(p.succeeded_at) at time zone 'UTC')::date from payments.payments p
            where p.succeeded_at is not null and \(within)
            """, .report)
    }

    static var samples: [StatementSample] {
        [
            StatementSample("payments.figures", succeeded(on: .first)),
            StatementSample("payments.moved", moved(from: .first, to: .first, .month, within: "true")),
            StatementSample("payments.first", first(within: "true")),
        ]
    }
}

/// Payments of a product.
struct ProductCount: Row {
    let count: FigureCount

    init(_ row: inout RowReader) throws {
        let product: String = try row.next()
        count = FigureCount(product, try row.next())
    }
}
