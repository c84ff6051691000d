import JSON
import Postgres
import Service
import Values

/// Figures of invoices in one currency: what was invoiced and paid, how old what is open is, and its tax.
struct InvoiceStats: WireOutput {
    let sums: InvoiceSums
    let taxes: [TaxSum]

    static let shape = Shape<InvoiceStats>(
        output: "InvoiceStats",
        Field("currency", { $0.sums.currency }), Field("count", { $0.sums.count }, doc: "Without drafts and cancelled ones"),
        Field("byStatus", { $0.sums.byStatus }), Field("total", { $0.amount($0.sums.total) }),
        Field("paid", { $0.amount($0.sums.paid) }), Field("balance", { $0.amount($0.sums.total - $0.sums.paid) }),
        Field("overdue", { stats in stats.amount(stats.sums.aging.dropFirst().reduce(0, +)) }, doc: "Open, and past the due day"),
        Field("aging", { InvoiceAging(sums: $0.sums) }, doc: "What is open, by days since it was due in the issuer's zone"),
        Field("tax", { $0.amount($0.sums.tax) }), Field("taxes", { $0.taxes }))

    private func amount(_ minor: Int64) -> Amount { Amount(minor, sums.currency) }
}

struct InvoiceAging: WireOutput {
    let sums: InvoiceSums

    static let shape = Shape<InvoiceAging>(
        output: "InvoiceAging",
        Field("notDue", { $0.amount(0) }), Field("days1to30", { $0.amount(1) }), Field("days31to60", { $0.amount(2) }),
        Field("days61to90", { $0.amount(3) }), Field("over90", { $0.amount(4) }))

    private func amount(_ place: Int) -> Amount { Amount(sums.aging[place], sums.currency) }
}

/// Sums in one currency, in minor units.
struct InvoiceSums: Row {
    let currency: Currency
    let count: Int
    let byStatus: [String: Int]
    let total: Int64
    let paid: Int64
    let tax: Int64
    /// What is open: not due, due for 1 to 30 days, to 60, to 90, and longer.
    let aging: [Int64]

    init(_ row: inout RowReader) throws {
        currency = try row.next()
        count = try row.next()
        var byStatus: [String: Int] = [:]
        for status in InvoiceStatus.allCases { byStatus[status.rawValue] = try row.next() }
        self.byStatus = byStatus
        total = try row.next()
        paid = try row.next()
        tax = try row.next()
        var aging: [Int64] = []
        for _ in 0..<5 { aging.append(try row.next()) }
        self.aging = aging
    }
}

/// The tax of one code and rate.
struct TaxSum: Row, WireOutput {
    let currency: Currency
    let code: String
    let rate: Percent
    let amount: Int64

    init(_ row: inout RowReader) throws {
        currency = try row.next()
        code = try row.next()
        rate = try row.next()
        amount = try row.next()
    }

    static let shape = Shape<TaxSum>(
        output: "InvoiceTaxSum",
        Field("code", { $0.code }), Field("rate", { $0.rate }), Field("amount", { Amount($0.amount, $0.currency) }))
}

extension InvoiceQueries {
    private static let standing: SQL = "i.status not in ('draft', 'cancelled')"

    /// What the caller may see, a row for each currency.
    static func sums(_ selection: InvoiceSelection) -> Statement<InvoiceSums> {
        var statuses: SQL = ""
        for status in InvoiceStatus.allCases { statuses = "\(statuses) count(*) filter (where x.status = \(status))," }
        return Statement(
            """
            select x.currency, count(*) filter (where x.stands), \(statuses)
                   coalesce(sum(x.total) filter (where x.stands), 0)::bigint,
                   coalesce(sum(x.paid) filter (where x.stands), 0)::bigint,
                   coalesce(sum(x.tax) filter (where x.stands), 0)::bigint,
                   coalesce(sum(x.total - x.paid) filter (where x.stands and x.late <= 0), 0)::bigint,
                   coalesce(sum(x.total - x.paid) filter (where x.stands and x.late between 1 and 30), 0)::bigint,
                   coalesce(sum(x.total - x.paid) filter (where x.stands and x.late between 31 and 60), 0)::bigint,
                   coalesce(sum(x.total - x.paid) filter (where x.stands and x.late between 61 and 90), 0)::bigint,
                   coalesce(sum(x.total - x.paid) filter (where x.stands and x.late > 90), 0)::bigint
              from (select i.currency, i.status, i.total, i.paid, i.tax, \(standing) as stands,
                           (\(selection.now) at time zone i.time_zone)::date - i.due_on as late
                      from invoices.invoices i where \(selection.condition)) x
             group by x.currency order by x.currency
            """, .report)
    }

    /// Kept in major units beside each invoice; as many decimals as its currency has.
    static func taxes(_ selection: InvoiceSelection) -> Statement<TaxSum> {
        Statement(
            """
            select i.currency, t->>'code', (t->>'rate')::numeric,
                   sum(round((t->>'amount')::numeric * i.tax / nullif(s.major, 0)))::bigint
              from invoices.invoices i
             cross join lateral (select sum((x->>'amount')::numeric) as major from jsonb_array_elements(i.taxes) x) s
             cross join lateral jsonb_array_elements(i.taxes) t
             where \(selection.condition) and \(standing) and i.tax > 0
             group by 1, 2, 3 order by 1, 2, 3
            """, .report)
    }

    /// As many as there are, up to a bound.
    static func counted(_ selection: InvoiceSelection, upTo limit: Int) -> Statement<Int> {
        Statement(
            """
            select count(*) from (select from invoices.invoices i where \(selection.condition) limit \(limit)) x
            """, .report)
    }

    /// Oldest first, after one: an export's page.
    static func exported(_ selection: InvoiceSelection, after last: Invoice?, limit: Int) -> Statement<Invoice> {
        let beyond: SQL = last.map { "and i.id > \($0.id)" } ?? ""
        return Statement(
            """
            select \(columns) from invoices.invoices i where \(selection.condition) \(beyond)
             order by i.id limit \(limit)
            """, .report)
    }
}
