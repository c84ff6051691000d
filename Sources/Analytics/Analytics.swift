import Cache
import Identity
import JSON
import Notifications
import Payments
import Postgres
import Service
import Telemetry
import Values

/// The door to figures: counted by day from what the modules register, kept, and shown.
package struct Analytics: Sendable {
    let database: Database
    let identity: IdentityModule
    let notifications: Notifications
    let revenue: RevenueFigures
    let figures: [Figure]
    let sections: [DashboardSection]
    let cache: Cache
    let log: Log
    let clock: Clock

    private var today: Day { clock.now().day }

    // MARK: Counting

    /// Counts one figure of one day anew, or all of them. Repeatable.
    func update(_ name: String? = nil, on day: Day) async throws {
        for figure in figures where name == nil || figure.name == name {
            let counts = try await figure.count(day)
            switch figure.recount {
            case .replaces:
                // Both or neither.
                try await database.write([
                    AnalyticsQueries.clear(figure.name, on: day), AnalyticsQueries.store(figure.name, on: day, counts),
                ])
            case .raises: try await database.execute(AnalyticsQueries.raise(figure.name, on: day, counts))
            }
        }
        try await database.execute(AnalyticsQueries.storePlatform(on: day, at: clock.now()))
    }

    /// Today so far, and yesterday, of which something may have come late.
    func update() async throws {
        for day in [today.adding(days: -1), today] { try await update(on: day) }
        try await forget()
    }

    /// Drops the answers that are kept of figures (0-platform, 4.12).
    func forget() async throws { try await cache.delPattern("admin:analytics:*") }

    /// A little less than from one round of warmers to the next, so that each makes it anew.
    static let standing = Duration.seconds(290)

    /// How the platform stands, for all who may see it alike: made by whoever asks first, or by the warmer.
    func platform() async throws -> Standing<ExecutiveView> {
        Standing(text: JSONText(trusted: try await cache.value("admin:analytics:executive:platform", ttl: Self.standing) {
            try await executive().jsonBytes
        }))
    }

    /// The same of how accounts stand.
    func accounts() async throws -> Standing<UserAnalytics> {
        Standing(text: JSONText(trusted: try await cache.value("admin:analytics:users:platform", ttl: Self.standing) {
            try await users().jsonBytes
        }))
    }

    // MARK: Figures

    func series(_ name: String, _ filter: MetricFilter) async throws -> MetricSeries {
        guard let figure = figures.first(where: { $0.name == name }) else { throw HouseProblem.notFound.problem }
        let range = filter.range(until: today)
        let parts = try await database.all(
            AnalyticsQueries.parts(figure.name, from: range.from, to: range.to, limit: filter.top))
        // Amounts of several currencies are not added.
        if figure.unit == .money, filter.dimension == nil, parts.count > 1 {
            let currencies = parts.map(\.dimension).sorted().joined(separator: ", ")
            throw InvalidInput(field: "dimension", code: "required", message: "Name one of the currencies: \(currencies).")
        }
        let counted = try await points(figure, range, filter)
        let points = range.steps(filter.groupBy).map { MetricPoint(day: $0, value: counted[$0] ?? 0) }
        let total = points.reduce(0) { $0 + $1.value }
        let before = filter.compare ? try await self.points(figure, range.before, filter).values.reduce(0, +) : nil
        return MetricSeries(
            name: figure.name, unit: figure.unit, points: points, total: total,
            average: (Double(total) / Double(max(points.count, 1)) * 100).rounded() / 100,
            changePercent: before.flatMap { change(from: $0, to: total) },
            breakdown: parts.map { MetricPart(dimension: $0.dimension, value: $0.value) })
    }

    private func points(_ figure: Figure, _ range: DayRange, _ filter: MetricFilter) async throws -> [Day: Int64] {
        let rows = try await database.all(
            AnalyticsQueries.points(
                figure.name, from: range.from, to: range.to, filter.groupBy, dimension: filter.dimension))
        return Dictionary(rows.map { ($0.day, $0.value) }) { $1 }
    }

    // MARK: The seed's four

    func revenue(_ filter: RevenueFilter, for caller: Caller) async throws -> RevenueView {
        let reach = try caller.reach("analytics:read")
        var within = identity.scopes.condition(within: reach, of: "p")
        if let type = filter.scopeType {
            let scope = try await self.scope(type, filter.scopeID, for: caller)
            within = identity.scopes.condition(within: reach.narrowed(to: scope), of: "p")
        }
        let range = try await range(filter, within)
        let step = RevenueFigures.Step(rawValue: filter.groupBy.rawValue) ?? .day
        return RevenueView(
            range: range, rows: try await revenue.revenue(from: range.from, to: range.to, step, within: within))
    }

    private func range(_ filter: RevenueFilter, _ within: SQL) async throws -> DayRange {
        if filter.from != nil || filter.to != nil {
            let end = filter.to ?? today
            return DayRange(from: filter.from ?? end.adding(days: -29), to: end)
        }
        if let days = (filter.period ?? .days30).days { return .last(days, until: today) }
        return DayRange(from: try await revenue.firstDay(within: within) ?? today, to: today)
    }

    func users() async throws -> UserAnalytics {
        let products = Dictionary(identity.book.all.map { ($0.name, $0.product) }) { $1 }
        let standing = try await identity.userFigures.standing(at: clock.now(), products: products)
        let head = standing.head
        return UserAnalytics(
            staff: StaffStanding(total: head.staff, active: head.activeStaff, last30d: head.staffLast30Days),
            total: head.users, byRole: standing.byRole, byProduct: standing.byProduct,
            growth: Growth(current: Int64(head.newLast30Days), previous: Int64(head.newBefore)),
            retention: head.cohort == 0 ? nil : (Double(head.retained) / Double(head.cohort) * 10_000).rounded() / 100,
            sources: standing.sources)
    }

    func dashboard(_ filter: DashboardFilter, for caller: Caller) async throws -> DashboardView {
        let reach = try caller.reach("analytics:read")
        let scope: Scope
        if let type = filter.scopeType {
            scope = try await self.scope(type, filter.scopeID, for: caller)
        } else if reach.isEverything {
            scope = .platform
        } else if let only = reach.only {
            scope = only
        } else {
            throw AnalyticsProblem.scopeRequired.on("scopeType")
        }
        return DashboardView(scope: scope, sections: try await shown(scope))
    }

    func executive() async throws -> ExecutiveView {
        let now = DayRange.last(30, until: today)
        let current = try await totals(now), previous = try await totals(now.before)
        var growth: [String: Growth] = [:]
        for figure in figures where figure.unit == .count {
            growth[figure.name] = Growth(current: current[figure.name] ?? 0, previous: previous[figure.name] ?? 0)
        }
        let rows = try await revenue.revenue(from: now.from, to: now.to, .month, within: "true")
        return ExecutiveView(
            users: growth["users.registered"] ?? Growth(current: 0, previous: 0),
            revenue: rows.filter { $0.part == .total }, growth: growth, sections: try await shown(.platform))
    }

    private func totals(_ range: DayRange) async throws -> [String: Int64] {
        let rows = try await database.all(AnalyticsQueries.totals(from: range.from, to: range.to))
        return Dictionary(rows.map { ($0.metric, $0.value) }, uniquingKeysWith: +)
    }

    private func shown(_ scope: Scope) async throws -> [String: JSONText] {
        var shown: [String: JSONText] = [:]
        for section in sections where section.scopeTypes.contains(scope.type) {
            shown[section.product] = try await section.show(scope)
        }
        return shown
    }

    /// A scope that the caller may look at.
    private func scope(_ type: String, _ id: UUID?, for caller: Caller) async throws -> Scope {
        let scope = Scope(ScopeType(type), id)
        guard identity.scopes.knows(scope.type), (scope == .platform) == (id == nil), try await identity.scopes.exists(scope)
        else { throw AnalyticsProblem.scopeUnknown.on("scopeId") }
        try caller.require("analytics:read", on: try await identity.scopes.path(of: scope))
        return scope
    }

    // MARK: Reports by mail

    /// What was counted of some days, to everybody who may see figures; once, however often it is asked for.
    ///
    /// - Parameter template: `daily_report` or `weekly_report`.
    func report(_ range: DayRange, as template: TemplateKey) async throws {
        let rows = try await database.all(AnalyticsQueries.totals(from: range.from, to: range.to))
        let lines = rows.map { row in "\(title(row.metric)), \(row.dimension): \(shown(row))" }
        let text = lines.isEmpty ? "Nothing was counted." : lines.joined(separator: "\n")
        let readers = try await identity.grants.holders(of: "analytics:read")
        for reader in try await notifications.people(readers.map(\.id)) {
            let notice = Notice(
                template: template, in: reader.locale, ["date": "\(range.from)", "text": text], priority: .low,
                dedupeKey: "\(template.rawValue):\(range.from):\(reader.userID)")
            try await notifications.send(notice, to: .user(reader.userID, email: reader.email))
        }
    }

    func title(_ metric: String) -> String { figures.first { $0.name == metric }?.title ?? metric }

    private func shown(_ row: MetricCount) -> String {
        guard figures.first(where: { $0.name == row.metric })?.unit == .money, let currency = Currency(row.dimension) else {
            return "\(row.value)"
        }
        return Money(minor: row.value, currency: currency).description
    }
}

/// Refusals around figures.
enum AnalyticsProblem: String, ProblemKind {
    case scopeRequired = "scope_required"
    case scopeUnknown = "scope_unknown"

    var status: Int { 422 }

    var detail: String {
        switch self {
        case .scopeRequired: "You may see the figures of several scopes; name one."
        case .scopeUnknown: "There is no such scope."
        }
    }
}
