import Postgres
import Values

/// What a clock on the wall of some time zone shows, to the minute.
package struct WallTime: Hashable, Sendable {
    package let day: Day
    /// Minutes since midnight, below 1,440.
    package let minute: Int

    package init(day: Day, minute: Int) {
        self.day = day
        self.minute = minute
    }

    var nextMinute: WallTime {
        minute == 1439 ? WallTime(day: day.adding(days: 1), minute: 0) : WallTime(day: day, minute: minute + 1)
    }
}

extension WallTime: Row {
    package init(_ row: inout RowReader) throws {
        day = try row.next()
        minute = try row.next()
    }
}
