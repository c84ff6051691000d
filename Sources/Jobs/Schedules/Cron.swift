/// A five-field cron expression: minute, hour, day of month, month, day of week; `*`, lists, ranges, steps, and names of
/// months and days. As in cron(8), when both days are restricted either is enough.
package struct Cron: Hashable, Sendable, ExpressibleByStringLiteral {
    package let text: String
    private let minutes, hours, days, months, weekdays: CronField

    /// Nothing when the text is no cron expression.
    package init?(_ text: String) {
        let fields = text.split(separator: " ")
        guard fields.count == 5,
            let minutes = CronField(fields[0], 0...59), let hours = CronField(fields[1], 0...23),
            let days = CronField(fields[2], 1...31),
            let months = CronField(fields[3], 1...12, names: Self.monthNames),
            let weekdays = CronField(fields[4], 0...7, names: Self.dayNames)
        else { return nil }
        self.text = text
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = weekdays
    }

    /// A constant of the program; a wrong one is a mistake of its author.
    package init(stringLiteral text: String) {
        guard let cron = Cron(text) else { preconditionFailure("no cron expression: \(text)") }
        self = cron
    }

    private static let monthNames = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]
    private static let dayNames = ["sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6]

    /// The first minute after `time` that the expression names, or nothing within the next eight years: 29 February may
    /// be that far away, the 30th never comes.
    package func next(after time: WallTime) -> WallTime? {
        var candidate = time.nextMinute
        let last = time.day.adding(days: 8 * 366)
        while candidate.day <= last {
            if matches(candidate) {
                if let minute = minute(from: candidate.minute) { return WallTime(day: candidate.day, minute: minute) }
            }
            candidate = WallTime(day: candidate.day.adding(days: 1), minute: 0)
        }
        return nil
    }

    private func matches(_ time: WallTime) -> Bool {
        guard months.contains(time.day.month) else { return false }
        let isDay = days.contains(time.day.day)
        let weekday = time.day.weekday
        let isWeekday = weekdays.contains(weekday % 7) || (weekday == 7 && weekdays.contains(7))
        return days.isAny || weekdays.isAny ? isDay && isWeekday : isDay || isWeekday
    }

    private func minute(from first: Int) -> Int? {
        for hour in first / 60..<24 where hours.contains(hour) {
            for minute in (hour == first / 60 ? first % 60 : 0)..<60 where minutes.contains(minute) {
                return hour * 60 + minute
            }
        }
        return nil
    }
}
