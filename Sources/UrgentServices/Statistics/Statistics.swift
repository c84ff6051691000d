import JSON
import Postgres
import Service
import Values

/// The board's figures for staff.
struct Statistics: Sendable {
    let database: Database

    /// - Parameter withMoney: for those who may see it.
    func figures(of range: StatisticsRange, withMoney: Bool) async throws -> StatisticsView {
        let takes = try await database.one(StatisticsQueries.takes(range))
        var days = try await database.all(StatisticsQueries.days(range))
        if !withMoney { for index in days.indices { days[index].recharged = nil } }
        return StatisticsView(
            range: range, people: try await database.one(StatisticsQueries.people(range)),
            orders: try await database.one(StatisticsQueries.orders(range)), takes: takes,
            opinions: try await database.one(StatisticsQueries.opinions(range)),
            money: withMoney ? try await database.one(StatisticsQueries.money(range)) : nil,
            days: days,
            cities: try await database.all(StatisticsQueries.topCities(range)),
            categories: try await database.all(StatisticsQueries.topCategories(range)))
    }
}

/// Which days; the last thirty, today included, where nothing is said.
struct StatisticsQuery: Shaped {
    let from: Day?
    let to: Day?

    static let shape = Shape<StatisticsQuery>(
        "UrgentStatisticsQuery", Self.init,
        Field("from", { $0.from }, doc: "A day of Moscow"), Field("to", { $0.to }, doc: "Included; at most 366 days"),
        ignoresUnknown: true)

    func range(at now: Instant) throws -> StatisticsRange {
        let last = to ?? from.map { min($0.adding(days: 29), now.dayInMoscow) } ?? now.dayInMoscow
        let first = from ?? last.adding(days: -29)
        guard first <= last, last.days(since: first) < 366 else {
            throw InvalidInput(field: "to", code: "range", message: "must follow from by less than 366 days")
        }
        return StatisticsRange(from: first, to: last)
    }
}

/// All figures of a range (spec 3.6).
struct StatisticsView: WireOutput {
    let range: StatisticsRange
    let people: PeopleFigures
    let orders: OrderFigures
    let takes: TakeFigures
    let opinions: OpinionFigures
    /// Nil for moderators.
    let money: MoneyFigures?
    let days: [DayFigures]
    let cities: [NamedCount]
    let categories: [NamedCount]

    static let shape = Shape<StatisticsView>(
        output: "UrgentStatistics",
        Field("from", { $0.range.from }), Field("to", { $0.range.to }), Field("users", { $0.people }),
        Field("orders", { $0.orders }), Field("takes", { TakesView(takes: $0.takes, orders: $0.orders) }),
        Field("reviews", { ReviewFiguresView(opinions: $0.opinions) }),
        Field("complaints", { ComplaintFiguresView(opinions: $0.opinions) }),
        Field("money", { view in view.money.map { MoneyView(money: $0, spent: view.takes.spent) } }, doc: "For administrators"),
        Field("by_day", { $0.days }), Field("top_cities", { $0.cities.map(CityView.init) }),
        Field("top_categories", { $0.categories.map(CategoryView.init) }))

    struct TakesView: WireOutput {
        let takes: TakeFigures
        let orders: OrderFigures

        static let shape = Shape<TakesView>(
            output: "UrgentTakeFigures",
            Field("count", { $0.takes.count }), Field("per_order_avg", { $0.orders.takesOfEach }),
            Field("median_seconds_to_first_take", { $0.orders.medianSecondsToTake }))
    }

    struct ReviewFiguresView: WireOutput {
        let opinions: OpinionFigures

        static let shape = Shape<ReviewFiguresView>(
            output: "UrgentReviewFigures",
            Field("count", { $0.opinions.reviews }), Field("avg_rating", { $0.opinions.average }),
            Field("hidden", { $0.opinions.hidden }))
    }

    struct ComplaintFiguresView: WireOutput {
        let opinions: OpinionFigures

        static let shape = Shape<ComplaintFiguresView>(
            output: "UrgentComplaintFigures",
            Field("open", { $0.opinions.open }), Field("accepted", { $0.opinions.accepted }),
            Field("rejected", { $0.opinions.rejected }))
    }

    struct MoneyView: WireOutput {
        let money: MoneyFigures
        let spent: Int

        static let shape = Shape<MoneyView>(
            output: "UrgentMoneyFigures",
            Field("recharged", { $0.money.recharged }), Field("spent", { $0.spent }), Field("refunded", { $0.money.refunded }),
            Field("adjusted", { $0.money.adjusted }), Field("payments_pending", { $0.money.pending }),
            Field("balance_total", { $0.money.balance }))
    }

    struct CityView: WireOutput {
        let row: NamedCount

        static let shape = Shape<CityView>(
            output: "UrgentCityFigures", Field("city", { $0.row.name }), Field("orders", { $0.row.count }))
    }

    struct CategoryView: WireOutput {
        let row: NamedCount

        static let shape = Shape<CategoryView>(
            output: "UrgentCategoryFigures", Field("category", { $0.row.name }), Field("orders", { $0.row.count }))
    }
}
