import JSON
import Postgres
import Service
import Values

/// Figures of payments in one currency over some days.
struct PaymentStatsQuery: Shaped {
    let currency: Currency
    let scopeID: UUID?
    let product: String?
    let from: Day?
    let to: Day?

    static let shape = Shape<PaymentStatsQuery>(
        "PaymentStatsQuery", Self.init,
        Field("currency", { $0.currency }),
        Field("scopeId", { $0.scopeID }),
        Field("product", { $0.product }, .length(1...40)),
        Field("from", { $0.from }, doc: "In UTC; else thirty days before to"),
        Field("to", { $0.to }, doc: "In UTC; else today"))

    /// At most a year and a day.
    func days(today: Day) throws -> (from: Day, to: Day) {
        let to = to ?? today
        let from = from ?? to.adding(days: -29)
        guard from <= to, from.adding(days: 366) >= to else {
            throw InvalidInput(field: "from", code: "range", message: "Not after to, and at most 366 days before it.")
        }
        return (from, to)
    }
}

/// Sums of payments that have something in common.
struct PaymentSums: Row {
    /// What the sums are of: 0 all, 1 a method, 2 a provider, 3 a day.
    let grouping: Int
    let method: String?
    let provider: String?
    let day: Day?
    let count: Int
    let collected: Int64
    let refunded: Int64
    let fees: Int64
    let pending: Int64
    let failed: Int64

    init(_ row: inout RowReader) throws {
        grouping = try row.next()
        method = try row.next()
        provider = try row.next()
        day = try row.next()
        count = try row.next()
        collected = try row.next()
        refunded = try row.next()
        fees = try row.next()
        pending = try row.next()
        failed = try row.next()
    }

    /// Nothing happened.
    private init() {
        (grouping, method, provider, day, count) = (0, nil, nil, nil, 0)
        (collected, refunded, fees, pending, failed) = (0, 0, 0, 0, 0)
    }

    static let none = PaymentSums()
}

struct PaymentStats: WireOutput {
    let currency: Currency
    let from: Day
    let to: Day
    let rows: [PaymentSums]

    private var all: PaymentSums { rows.first { $0.grouping == 0 } ?? .none }

    private func shares(_ grouping: Int, _ name: (PaymentSums) -> String?) -> [PaymentShare] {
        rows.filter { $0.grouping == grouping }.map {
            PaymentShare(name: name($0) ?? "unknown", sums: $0, currency: currency)
        }
    }

    static let shape = Shape<PaymentStats>(
        output: "PaymentStats",
        Field("currency", { $0.currency }),
        Field("from", { $0.from }),
        Field("to", { $0.to }),
        Field("count", { $0.all.count }, doc: "Of payments begun, whatever became of them"),
        Field("collected", { Amount($0.all.collected, $0.currency) }),
        Field("refunded", { Amount($0.all.refunded, $0.currency) }),
        Field("fees", { Amount($0.all.fees, $0.currency) }, doc: "What providers keep"),
        Field("pending", { Amount($0.all.pending, $0.currency) }, doc: "Of payments that are open"),
        Field("failed", { Amount($0.all.failed, $0.currency) }, doc: "Of payments that failed, expired or were given up"),
        Field("byMethod", { $0.shares(1, \.method) }),
        Field("byProvider", { $0.shares(2, \.provider) }),
        Field("byDay", { stats in stats.shares(3) { $0.day?.description } }))
}

/// Payments of one method, provider or day.
struct PaymentShare: WireOutput {
    let name: String
    let sums: PaymentSums
    let currency: Currency

    static let shape = Shape<PaymentShare>(
        output: "PaymentShare",
        Field("name", { $0.name }),
        Field("count", { $0.sums.count }),
        Field("collected", { Amount($0.sums.collected, $0.currency) }),
        Field("refunded", { Amount($0.sums.refunded, $0.currency) }),
        Field("fees", { Amount($0.sums.fees, $0.currency) }))
}

extension PaymentQueries {
    /// Sums over all and by method, provider and day, in one pass. Indexes as of the list of payments.
    static func stats(_ selection: PaymentSelection, currency: Currency) -> Statement<PaymentSums> {
        Statement(
            """
            select case when grouping(p.method) = 0 then 1 when grouping(p.provider) = 0 then 2
                        when grouping((p.created_at at time zone 'UTC')::date) = 0 then 3 else 0 end,
                   p.method, p.provider, (p.created_at at time zone 'UTC')::date as day, count(*),
                   coalesce(sum(p.captured), 0)::bigint, coalesce(sum(p.refunded), 0)::bigint,
                   coalesce(sum(p.fee), 0)::bigint,
                   coalesce(sum(p.amount) filter (where p.status in ('created', 'pending', 'authorized', 'unknown')), 0)::bigint,
                   coalesce(sum(p.amount) filter (where p.status in ('failed', 'cancelled', 'expired')), 0)::bigint
              from payments.payments p
             where \(selection.condition) and p.currency = \(currency)
             group by grouping sets ((), (p.method), (p.provider), ((p.created_at at time zone 'UTC')::date))
             order by 1, 5 desc, 4
            """, .report)
    }

    /// Oldest first, after one: an export's page.
    static func exported(_ selection: PaymentSelection, after last: Payment?, limit: Int) -> Statement<PaymentWithAttempt> {
        let later: SQL = last.map { "and (p.created_at, p.id) > (\($0.createdAt), \($0.id))" } ?? .empty
        return Statement(
            "\(withAttempt) where \(selection.condition) \(later) order by p.created_at, p.id limit \(limit)", .report)
    }

    static func counted(_ selection: PaymentSelection, upTo bound: Int) -> Statement<Int> {
        Statement(
            """
            select count(*) from (select from payments.payments p where \(selection.condition) limit \(bound)) x
            """, .report)
    }
}
