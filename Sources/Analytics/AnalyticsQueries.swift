import JSON
import Postgres
import Service
import Values

/// The SQL of `analytics`.
enum AnalyticsQueries {
    // MARK: Counted

    /// A day's counts take the place of those it had.
    static func clear(_ metric: String, on day: Day) -> Command {
        Command("delete from analytics.daily_metrics where metric = \(metric) and day_on = \(day)")
    }

    static func store(_ metric: String, on day: Day, _ counts: [FigureCount]) -> Command {
        Command(
            """
            insert into analytics.daily_metrics as m (metric, day_on, dimension, value)
            select \(metric), \(day), c.dimension, c.value
            from unnest(\(counts.map(\.dimension))::text[], \(counts.map { Int($0.value) })::bigint[]) c (dimension, value)
            on conflict (metric, day_on, dimension) do update set value = excluded.value
            """)
    }

    /// The larger count stays.
    static func raise(_ metric: String, on day: Day, _ counts: [FigureCount]) -> Command {
        Command(
            """
            insert into analytics.daily_metrics as m (metric, day_on, dimension, value)
            select \(metric), \(day), c.dimension, c.value
            from unnest(\(counts.map(\.dimension))::text[], \(counts.map { Int($0.value) })::bigint[]) c (dimension, value)
            on conflict (metric, day_on, dimension) do update set value = greatest(m.value, excluded.value)
            """)
    }

    /// The day's row of the platform, of what was counted for it. Revenue is kept by currency, and as one sum only where
    /// there is one currency at most.
    static func storePlatform(on day: Day, at now: Instant) -> Command {
        Command(
            """
            insert into analytics.platform_analytics as p (day_on, total_revenue, revenue, total_transactions, metrics,
                updated_at)
            select \(day), case when count(*) filter (where m.metric = 'payments.revenue') <= 1
                    then coalesce(sum(m.value) filter (where m.metric = 'payments.revenue'), 0) end,
                coalesce(jsonb_object_agg(m.dimension, m.value) filter (where m.metric = 'payments.revenue'), '{}'),
                coalesce(sum(m.value) filter (where m.metric = 'payments.succeeded'), 0),
                coalesce(jsonb_object_agg(m.metric || '/' || m.dimension, m.value), '{}'), \(now)
            from analytics.daily_metrics m where m.day_on = \(day)
            on conflict (day_on) do update set total_revenue = excluded.total_revenue,
                revenue = excluded.revenue, total_transactions = excluded.total_transactions, metrics = excluded.metrics, updated_at = excluded.updated_at
            """)
    }

    // MARK: Asked

    /// daily_metrics_pkey
    static func points(
        _ metric: String, from: Day, to: Day, _ step: FigureStep, dimension: String?
    ) -> Statement<StepCount> {
        let within: SQL = dimension.map { "and m.dimension = \($0)" } ?? ""
        return Statement(
            """
            select date_trunc(\(step.rawValue)::text, m.day_on::timestamp)::date, sum(m.value)::bigint
            from analytics.daily_metrics m
            where m.metric = \(metric) and m.day_on >= \(from) and m.day_on <= \(to) \(within)
            group by 1 order by 1
            """, .report)
    }

    /// The largest parts. daily_metrics_pkey
    static func parts(_ metric: String, from: Day, to: Day, limit: Int) -> Statement<PartCount> {
        Statement(
            """
            select m.dimension, sum(m.value)::bigint from analytics.daily_metrics m
            where m.metric = \(metric) and m.day_on >= \(from) and m.day_on <= \(to)
            group by 1 order by 2 desc, 1 limit \(limit)
            """, .report)
    }

    /// All that was counted between two days, up to what a report may have.
    static func counted(from: Day, to: Day) -> Statement<DayCount> {
        Statement(
            """
            select m.day_on, m.metric, m.dimension, m.value from analytics.daily_metrics m
            where m.day_on >= \(from) and m.day_on <= \(to) order by 1, 2, 3 limit \(ExportLimit.counted)
            """, .report)
    }

    /// The sums of all figures between two days.
    static func totals(from: Day, to: Day) -> Statement<MetricCount> {
        Statement(
            """
            select m.metric, m.dimension, sum(m.value)::bigint from analytics.daily_metrics m
            where m.day_on >= \(from) and m.day_on <= \(to) group by 1, 2 order by 1, 2
            """, .report)
    }

    static var samples: [StatementSample] {
        let counts = [FigureCount("", 0)]
        let now = Instant(microseconds: 0)
        return [
            StatementSample("cleared", clear("", on: .first)), StatementSample("stored", store("", on: .first, counts)),
            StatementSample("raised", raise("", on: .first, counts)),
            StatementSample("platform", storePlatform(on: .first, at: now)),
            StatementSample("points", points("", from: .first, to: .first, .week, dimension: nil)),
            StatementSample("points of a part", points("", from: .first, to: .first, .day, dimension: "")),
            StatementSample("parts", parts("", from: .first, to: .first, limit: 1)),
            StatementSample("counted", counted(from: .first, to: .first)),
            StatementSample("totals", totals(from: .first, to: .first)),
        ]
    }
}

/// How time is divided.
enum FigureStep: String, WireEnum { case day, week, month }

/// A step of time and its sum.
struct StepCount: Row {
    let day: Day
    let value: Int64

    init(_ row: inout RowReader) throws {
        day = try row.next()
        value = try row.next()
    }
}

/// A part of a figure's dimension and its sum.
struct PartCount: Row {
    let dimension: String
    let value: Int64

    init(_ row: inout RowReader) throws {
        dimension = try row.next()
        value = try row.next()
    }
}

/// A part of a figure and its sum.
struct MetricCount: Row {
    let metric: String
    let dimension: String
    let value: Int64

    init(_ row: inout RowReader) throws {
        metric = try row.next()
        dimension = try row.next()
        value = try row.next()
    }
}
