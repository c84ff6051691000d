import JSON
import Postgres
import Service
import Values

/// A report that somebody has made again and again, by himself or by a schedule.
struct SavedReport: Sendable {
    let id: ID<SavedReport>
    let createdAt: Instant
    let updatedAt: Instant
    let ownerID: UUID
    var name: String
    let kind: String
    var config: ReportConfig
    var format: ReportFormat
    var frequency: ReportFrequency?
    var nextRunAt: Instant?
}

enum ReportFormat: String, WireEnum { case csv, xlsx, pdf }

enum ReportFrequency: String, WireEnum {
    case daily, weekly, monthly

    /// Half past two in UTC (0-platform, 5.2).
    private static let time = Duration.seconds(9_000)

    /// The first time after an instant: of a day, of a Monday, of the first of a month.
    func next(after now: Instant) -> Instant {
        var day = (now - Self.time).day.adding(days: 1)
        while !isDay(day) { day = day.adding(days: 1) }
        return Instant(day) + Self.time
    }

    private func isDay(_ day: Day) -> Bool {
        switch self {
        case .daily: true
        case .weekly: FigureStep.week.first(of: day) == day
        case .monthly: day.day == 1
        }
    }
}

/// Which days a report is about: some that are fixed, or those before the day on which it is made.
struct ReportConfig: Shaped, Equatable {
    let period: ReportPeriod?
    let from: Day?
    let to: Day?

    static let shape = Shape<ReportConfig>(
        "ReportConfig", Self.init,
        Field("period", { $0.period }, doc: "Whole days before the one on which it is made; 30d where nothing is said"),
        Field("from", { $0.from }), Field("to", { $0.to }),
        check: { config in
            if (config.from == nil) != (config.to == nil) || (config.period != nil && config.from != nil) {
                return [FieldError(field: "period", code: "conflict", message: "Give from and to, or period.")]
            }
            return DayRange.errors(from: config.from, to: config.to)
        })

    func days(on today: Day) -> ReportDays {
        if let from, let to { return ReportDays(from: from, to: to) }
        let last = today.adding(days: -1)
        guard let count = (period ?? .days30).days else {
            let month = today.period.adding(months: -1)
            return ReportDays(from: month.firstDay, to: month.lastDay)
        }
        return ReportDays(from: last.adding(days: 1 - count), to: last)
    }
}

enum ReportPeriod: String, WireEnum {
    case day = "1d"
    case days7 = "7d"
    case days30 = "30d"
    case days90 = "90d"
    case days365 = "365d"
    /// The last whole month.
    case month

    var days: Int? {
        switch self {
        case .day: 1
        case .days7: 7
        case .days30: 30
        case .days90: 90
        case .days365: 365
        case .month: nil
        }
    }
}

/// One making of a report.
struct ReportRun: Sendable {
    let id: ID<ReportRun>
    let createdAt: Instant
    let reportID: UUID?
    let ownerID: UUID
    let kind: String
    let days: ReportDays
    let format: ReportFormat
    let status: ReportRunStatus
    let rows: Int?
    let fileID: UUID?
    let error: String?
    let finishedAt: Instant?
}

enum ReportRunStatus: String, WireEnum { case queued, done, failed }

extension SavedReport: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        ownerID = try row.next()
        name = try row.next()
        kind = try row.next()
        config = try row.document(ReportConfig(period: nil, from: nil, to: nil))
        format = try row.next()
        frequency = try row.next()
        nextRunAt = try row.next()
    }
}

extension ReportRun: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        reportID = try row.next()
        ownerID = try row.next()
        kind = try row.next()
        days = ReportDays(from: try row.next(), to: try row.next())
        format = try row.next()
        status = try row.next()
        rows = try row.next()
        fileID = try row.next()
        error = try row.next()
        finishedAt = try row.next()
    }
}
