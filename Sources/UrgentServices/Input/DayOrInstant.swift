import JSON
import Values

/// A bound of a time: a day of Moscow, or an instant, in UTC unless it says otherwise.
enum DayOrInstant: Sendable, Hashable {
    case day(Day)
    case instant(Instant)

    /// When it begins.
    var start: Instant {
        switch self {
        case .day(let day): day.startInMoscow
        case .instant(let instant): instant
        }
    }

    /// When it is over; an instant is over at once.
    var end: Instant {
        switch self {
        case .day(let day): day.adding(days: 1).startInMoscow
        case .instant(let instant): instant + .microseconds(1)
        }
    }
}

extension DayOrInstant: WireValue, TextReadable {
    init?(text: Substring) {
        if let day = Day(text: text) {
            self = .day(day)
        } else if let instant = Instant(text: text) ?? Instant(text: text + "Z") {
            self = .instant(instant)
        } else {
            return nil
        }
    }

    init(from reader: inout JSONReader) throws {
        let text = try reader.readString()
        guard let value = DayOrInstant(text: text[...]) else {
            throw Refusal(code: "range", message: "must be a date or an instant (RFC 3339)")
        }
        self = value
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .day(let day): day.write(to: &writer)
        case .instant(let instant): instant.write(to: &writer)
        }
    }

    static var schema: Schema {
        var schema = Schema(.string)
        schema.specimen = "2026-02-06"
        return schema
    }
}

extension Day {
    /// Days of statistics and filters are Moscow's: three hours ahead of UTC all the year (spec 3.6).
    var startInMoscow: Instant { Instant(self) - .hours(3) }
}

extension Instant {
    var dayInMoscow: Day { (self + .hours(3)).day }
}
