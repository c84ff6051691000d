import JSON
import Service
import Values

/// How far back somebody looks.
enum FigurePeriod: String, WireEnum {
    case days7 = "7d"
    case days30 = "30d"
    case days90 = "90d"
    case days365 = "365d"
    case all

    /// Nil for all there is.
    var days: Int? {
        switch self {
        case .days7: 7
        case .days30: 30
        case .days90: 90
        case .days365: 365
        case .all: nil
        }
    }
}

/// Days, both inclusive, in UTC.
struct DayRange: Sendable, Equatable {
    let from: Day
    let to: Day

    var count: Int { to.days(since: from) + 1 }

    /// As many days, directly before.
    var before: DayRange { DayRange(from: from.adding(days: -count), to: from.adding(days: -1)) }

    static func last(_ days: Int, until today: Day) -> DayRange {
        DayRange(from: today.adding(days: 1 - days), to: today)
    }

    /// The first days of all steps that the range touches.
    func steps(_ step: FigureStep) -> [Day] {
        var days: [Day] = []
        var day = step.first(of: from)
        while day <= to {
            days.append(day)
            day = step.next(after: day)
        }
        return days
    }

    /// What is wrong with a range that is asked for (0-platform, 3).
    static func errors(from: Day?, to: Day?) -> [FieldError] {
        guard let from, let to, to < from || to > from.adding(days: 1_100) else { return [] }
        return [FieldError(field: "to", code: "range", message: "must follow from by at most 1,100 days")]
    }
}

extension FigureStep {
    /// Weeks begin on Monday, as PostgreSQL's do.
    func first(of day: Day) -> Day {
        switch self {
        case .day: day
        case .week: day.adding(days: -((day.days(since: Day(year: 1970, month: 1, day: 5)!) % 7 + 7) % 7))
        case .month: Day(year: day.year, month: day.month, day: 1)!
        }
    }

    func next(after day: Day) -> Day {
        switch self {
        case .day: day.adding(days: 1)
        case .week: day.adding(days: 7)
        case .month: day.adding(months: 1)
        }
    }
}
