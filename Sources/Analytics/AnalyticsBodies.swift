import JSON
import Payments
import Service
import Values

/// A figure that can be asked for.
struct FigureView: WireOutput {
    let figure: Figure

    static let shape = Shape<FigureView>(
        output: "Metric",
        Field("name", { $0.figure.name }), Field("title", { $0.figure.title }), Field("product", { $0.figure.product }),
        Field("unit", { $0.figure.unit }, doc: "money: minor units of the currency that the dimension names."),
        Field("dimension", { $0.figure.dimension }, doc: "What the counts are split by."))
}

/// How a figure is asked for.
struct MetricFilter: Shaped {
    let from: Day?
    let to: Day?
    let groupBy: FigureStep
    let dimension: String?
    let top: Int
    let compare: Bool

    static let shape = Shape(
        "MetricFilter", Self.init,
        Field("from", { $0.from }, doc: "30 days before to, unless said otherwise."), Field("to", { $0.to }, doc: "Today in UTC."),
        Field("groupBy", { $0.groupBy }, default: { .day }),
        Field(
            "dimension", { $0.dimension }, .length(1...60),
            doc: "One part alone; of money in several currencies the currency has to be named."),
        Field("top", { $0.top }, .range(1...50), default: { 10 }, doc: "Parts in the breakdown."),
        Field("compare", { $0.compare }, default: { false }, doc: "With as many days before."),
        check: { DayRange.errors(from: $0.from, to: $0.to) })

    func range(until today: Day) -> DayRange {
        let end = to ?? today
        return DayRange(from: from ?? end.adding(days: -29), to: end)
    }
}

/// A step of time and what there was in it.
struct MetricPoint: WireOutput {
    let day: Day
    let value: Int64

    static let shape = Shape<MetricPoint>(output: "MetricPoint", Field("day", { $0.day }), Field("value", { $0.value }))
}

/// A part and what there was of it.
struct MetricPart: WireOutput {
    let dimension: String
    let value: Int64

    static let shape = Shape<MetricPart>(
        output: "MetricPart", Field("dimension", { $0.dimension }), Field("value", { $0.value }))
}

/// A figure over time.
struct MetricSeries: WireOutput {
    let name: String
    let unit: Figure.Unit
    let points: [MetricPoint]
    let total: Int64
    let average: Double
    /// Nil unless asked for, and where there was nothing before.
    let changePercent: Double?
    let breakdown: [MetricPart]

    static let shape = Shape<MetricSeries>(
        output: "MetricSeries",
        Field("name", { $0.name }), Field("unit", { $0.unit }),
        Field("points", { $0.points }, doc: "Steps without anything are zero."), Field("total", { $0.total }),
        Field("average", { $0.average }, doc: "Of a step."), Field("changePercent", { $0.changePercent }),
        Field("breakdown", { $0.breakdown }, doc: "The largest parts of the dimension."))
}

/// How much more than before, in percent; nil where there was nothing.
func change(from before: Int64, to now: Int64) -> Double? {
    before == 0 ? nil : (Double(now - before) / Double(before) * 10_000).rounded() / 100
}

/// Whose money is asked for, and when.
struct RevenueFilter: Shaped {
    let scopeType: String?
    let scopeID: UUID?
    let period: FigurePeriod?
    let from: Day?
    let to: Day?
    let groupBy: FigureStep

    static let shape = Shape(
        "RevenueFilter", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...50), doc: "All that the caller may see, unless said otherwise."),
        Field("scopeId", { $0.scopeID }), Field("period", { $0.period }, doc: "30d; not beside from and to."),
        Field("from", { $0.from }), Field("to", { $0.to }),
        Field("groupBy", { $0.groupBy }, default: { .day }, doc: "Of the trend."),
        check: { filter in
            if filter.period != nil, filter.from != nil || filter.to != nil {
                return [FieldError(field: "period", code: "conflict", message: "stands alone, or from and to do")]
            }
            return DayRange.errors(from: filter.from, to: filter.to)
        })
}

/// An amount in one currency.
struct RevenueAmount: WireOutput {
    let row: RevenueRow

    static let shape = Shape<RevenueAmount>(
        output: "RevenueAmount",
        Field("key", { $0.row.key }, doc: "Product, provider, plan, or the first day of a step; empty for the total."),
        Field("currency", { $0.row.currency }), Field("amount", { Amount($0.row.amount, $0.row.currency) }),
        Field("refunded", { Amount($0.row.refunded, $0.row.currency) }), Field("payments", { $0.row.payments }))
}

/// What came in less what went back.
struct RevenueView: WireOutput {
    let range: DayRange
    let rows: [RevenueRow]

    static let shape = Shape<RevenueView>(
        output: "Revenue",
        Field("from", { $0.range.from }), Field("to", { $0.range.to }),
        Field("total", { $0.part(.total) }, doc: "One for each currency."), Field("byPlan", { $0.part(.plan) }),
        Field("byProduct", { $0.part(.product) }), Field("bySource", { $0.part(.source) }), Field("trend", { $0.part(.trend) }))

    private func part(_ part: RevenueRow.Part) -> [RevenueAmount] {
        rows.filter { $0.part == part }.map { RevenueAmount(row: $0) }
    }
}

/// Staff among the accounts.
struct StaffStanding: WireOutput {
    let total: Int
    let active: Int
    let last30d: Int

    static let shape = Shape<StaffStanding>(
        output: "StaffStanding", Field("total", { $0.total }), Field("active", { $0.active }), Field("last30d", { $0.last30d }))
}

/// This and the one before.
struct Growth: WireOutput {
    let current: Int64
    let previous: Int64

    static let shape = Shape<Growth>(
        output: "Growth", Field("current", { $0.current }, doc: "In 30 days."), Field("previous", { $0.previous }, doc: "In the 30 before."),
        Field("changePercent", { change(from: $0.previous, to: $0.current) }))
}

/// How accounts stand.
struct UserAnalytics: WireOutput {
    let staff: StaffStanding
    let total: Int
    let byRole: [String: Int]
    let byProduct: [String: Int]
    let growth: Growth
    let retention: Double?
    let sources: [String: Int]

    static let shape = Shape<UserAnalytics>(
        output: "UserAnalytics",
        Field("staff", { $0.staff }), Field("total", { $0.total }), Field("byRole", { $0.byRole }, doc: "People with a grant of it."),
        Field("byProduct", { $0.byProduct }), Field("growth", { $0.growth }, doc: "Of new accounts."),
        Field("retention", { $0.retention }, doc: "Percent of those who came 31 to 60 days ago that were active since; null without any."),
        Field("sources", { $0.sources }, doc: "Where accounts come from."))
}

/// Which scope's dashboard.
struct DashboardFilter: Shaped {
    let scopeType: String?
    let scopeID: UUID?

    static let shape = Shape(
        "DashboardFilter", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...50), doc: "The caller's only one, unless said otherwise."),
        Field("scopeId", { $0.scopeID }))
}

/// What the products show of a scope.
struct DashboardView: WireOutput {
    let scope: Scope
    let sections: [String: JSONText]

    static let shape = Shape<DashboardView>(
        output: "Dashboard",
        Field("scopeType", { $0.scope.type.name }), Field("scopeId", { $0.scope.id }),
        Field("sections", { $0.sections }, doc: "By product."))
}

/// How the platform stands.
struct ExecutiveView: WireOutput {
    let users: Growth
    let revenue: [RevenueRow]
    let growth: [String: Growth]
    let sections: [String: JSONText]

    static let shape = Shape<ExecutiveView>(
        output: "Executive",
        Field("users", { $0.users }, doc: "New accounts."),
        Field("revenue", { $0.revenue.map { RevenueAmount(row: $0) } }, doc: "Of 30 days, one for each currency."),
        Field("growth", { $0.growth }, doc: "Of every figure that is counted, 30 days and the 30 before."),
        Field("sections", { $0.sections }, doc: "What each product shows of itself."))
}
