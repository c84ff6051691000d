import JSON
import Postgres
import Service
import Values

/// What subscriptions bring.
struct SubscriptionFigures: WireOutput {
    let currencies: [CurrencyFigures]
    let plans: [PlanFigures]

    static let shape = Shape<SubscriptionFigures>(
        output: "SubscriptionAnalytics",
        Field("currencies", { $0.currencies }, doc: "One for each currency that anything is paid in"),
        Field("byPlan", { $0.plans }))
}

struct CurrencyFigures: Row, WireOutput {
    let currency: Currency
    let revenue: Int64
    let payers: Int
    let atMonthStart: Int64
    let new: Int64
    let expansion: Int64
    let contraction: Int64
    let churn: Int64

    init(_ row: inout RowReader) throws {
        currency = try row.next()
        revenue = try row.next()
        payers = try row.next()
        new = try row.next()
        expansion = try row.next()
        contraction = try row.next()
        churn = try row.next()
        // What there is now, less what has moved since.
        atMonthStart = revenue - new - expansion + contraction + churn
    }

    /// Lost this month by what there was at its beginning, in percent; nil without any.
    private var churnRate: Percent? {
        atMonthStart > 0 ? Percent(raw: (2 * 10_000 * churn + atMonthStart) / (2 * atMonthStart)) : nil
    }

    private var perPayer: Int64? { payers > 0 ? (2 * revenue + Int64(payers)) / (2 * Int64(payers)) : nil }

    private func amount(_ minor: Int64) -> Amount { Amount(minor, currency) }

    static let shape = Shape<CurrencyFigures>(
        output: "SubscriptionRevenue",
        Field("currency", { $0.currency }), Field("mrr", { $0.amount($0.revenue) }),
        Field("arr", { $0.amount(12 * $0.revenue) }), Field("payers", { $0.payers }),
        Field("arpu", { figures in figures.perPayer.map(figures.amount) }),
        Field("churnRate", { $0.churnRate }, doc: "Percent of the revenue at the beginning of the month"),
        Field("new", { $0.amount($0.new) }), Field("expansion", { $0.amount($0.expansion) }),
        Field("contraction", { $0.amount($0.contraction) }), Field("churn", { $0.amount($0.churn) }))
}

struct PlanFigures: Row, WireOutput {
    let id: ID<Plan>
    let slug: String
    let name: String
    let total: Int
    let active: Int
    let currency: Currency?
    let revenue: Int64

    init(_ row: inout RowReader) throws {
        id = try row.next()
        slug = try row.next()
        name = try row.next()
        total = try row.next()
        active = try row.next()
        currency = try row.next()
        revenue = try row.next()
    }

    static let shape = Shape<PlanFigures>(
        output: "PlanFigures",
        Field("planId", { $0.id }), Field("slug", { $0.slug }), Field("name", { $0.name }), Field("total", { $0.total }),
        Field("active", { $0.active }), Field("currency", { $0.currency }),
        Field("monthlyRevenue", { figures in figures.currency.map { Amount(figures.revenue, $0) } }))
}

/// What the platform's dashboards show of subscriptions.
struct SubscriptionSection: WireOutput {
    let counts: SubscriptionCounts
    let revenue: [CurrencyFigures]

    static let shape = Shape<SubscriptionSection>(
        output: "SubscriptionSection",
        Field("active", { $0.counts.active }), Field("trialing", { $0.counts.trialing }),
        Field("pastDue", { $0.counts.pastDue }), Field("expired", { $0.counts.expired }),
        Field("mrr", { $0.revenue.map { SubscriptionMoney($0.revenue, $0.currency) } }, doc: "One for each currency"),
        Field("arr", { $0.revenue.map { SubscriptionMoney(12 * $0.revenue, $0.currency) } }))
}

struct SubscriptionMoney: WireOutput {
    let amount: Amount

    init(_ minor: Int64, _ currency: Currency) { amount = Amount(minor, currency) }

    static let shape = Shape<SubscriptionMoney>(
        output: "SubscriptionMoney",
        Field("amount", { $0.amount }), Field("currency", { $0.amount.currency }))
}

struct SubscriptionCounts: Row {
    let active: Int
    let trialing: Int
    let pastDue: Int
    let expired: Int

    init(_ row: inout RowReader) throws {
        active = try row.next()
        trialing = try row.next()
        pastDue = try row.next()
        expired = try row.next()
    }
}

struct FigureFilter: Shaped {
    let product: String?

    static let shape = Shape<FigureFilter>(
        "SubscriptionAnalyticsFilter", Self.init, Field("product", { $0.product }, .length(1...40)))
}

/// The SQL of figures.
enum FigureQueries {
    /// Half up, as `BillingCycle.monthly`.
    private static let monthly: SQL = """
        round(s.amount::numeric / case s.cycle when 'quarterly' then 3 when 'half_yearly' then 6 when 'annual' then 12
            else 1 end)::bigint
        """

    static func currencies(_ product: String?, since month: Instant) -> Statement<CurrencyFigures> {
        let sold: SQL = product.map { "and s.product = \($0)" } ?? ""
        return Statement(
            """
            with now as (
                select s.currency, sum(\(monthly))::bigint as mrr, count(*) as payers from subscriptions.subscriptions s
                 where s.status in ('active', 'past_due') and s.amount > 0 \(sold) group by s.currency
            ), moved as (
                select c.currency,
                       sum(greatest(c.to_mrr - c.from_mrr, 0)) filter (where c.from_mrr = 0) as new,
                       sum(greatest(c.to_mrr - c.from_mrr, 0)) filter (where c.from_mrr > 0) as expansion,
                       sum(greatest(c.from_mrr - c.to_mrr, 0)) filter (where c.to_mrr > 0) as contraction,
                       sum(greatest(c.from_mrr - c.to_mrr, 0)) filter (where c.to_mrr = 0) as churn
                  from subscriptions.changes c join subscriptions.subscriptions s on s.id = c.subscription_id
                 where c.at >= \(month) \(sold) group by c.currency
            )
            select coalesce(n.currency, m.currency), coalesce(n.mrr, 0), coalesce(n.payers, 0),
                   coalesce(m.new, 0)::bigint, coalesce(m.expansion, 0)::bigint, coalesce(m.contraction, 0)::bigint,
                   coalesce(m.churn, 0)::bigint
              from now n full join moved m on m.currency = n.currency order by 1
            """, .report)
    }

    static func plans(_ product: String?) -> Statement<PlanFigures> {
        let sold: SQL = product.map { "where p.product = \($0)" } ?? ""
        return Statement(
            """
            select p.id, p.slug, p.name, count(s.id), count(s.id) filter (where s.status in ('trialing', 'active', 'past_due')),
                   s.currency, coalesce(sum(\(monthly)) filter (where s.status in ('active', 'past_due')), 0)::bigint
              from subscriptions.plans p left join subscriptions.subscriptions s on s.plan_id = p.id \(sold)
             group by p.id, s.currency order by p.product, p.display_order, p.id, s.currency
            """, .report)
    }

    /// Of the platform's dashboards: what subscriptions bring, and how many there are.
    static func section(_ database: Database) -> DashboardSection {
        DashboardSection("subscriptions", on: [.platform]) { _ in
            let counts = try await database.one(standing())
            // What has moved this month is no part of it.
            let revenue = try await database.all(currencies(nil, since: .distantFuture))
            return JSONText(encoding: SubscriptionSection(counts: counts, revenue: revenue))
        }
    }

    /// Index `subscriptions_status_end`.
    static func standing() -> Statement<SubscriptionCounts> {
        Statement(
            """
            select count(*) filter (where status = 'active'), count(*) filter (where status = 'trialing'),
                   count(*) filter (where status = 'past_due'), count(*) filter (where status = 'expired')
              from subscriptions.subscriptions
            """, .report)
    }

    static var samples: [StatementSample] {
        [
            StatementSample("standing", standing()), StatementSample("revenue", currencies("a", since: .distantPast)),
            StatementSample("revenue of plans", plans("a")),
        ]
    }
}
