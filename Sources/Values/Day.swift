/// A calendar day of the proleptic Gregorian calendar, without a time zone, within the years 0001 to 9999.
package struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    package let number: Int32

    /// Numbers outside the years 0001 to 9999 are moved to the nearest end.
    package init(number: Int32) {
        self.number = min(max(number, -719_162), 2_932_896)
    }

    /// Nil when the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            day >= 1, day <= Self.length(ofMonth: month, year: year)
        else { return nil }
        self.init(number: Int32(Self.number(year, month, day)))
    }

    package static let first = Day(number: .min)
    package static let last = Day(number: .max)

    package var year: Int { civil.year }
    package var month: Int { civil.month }
    package var day: Int { civil.day }

    /// Monday is 1, Sunday is 7 (ISO 8601).
    package var weekday: Int { ((Int(number) + 3) % 7 + 7) % 7 + 1 }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from civil, civil from days: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". The year begins in
    /// March, so that the leap day is its last; 146,097 days make an era of 400 years.
    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Day {
    package func adding(days: Int) -> Day {
        Day(number: Int32(clamping: Int64(number) + Int64(clamping: days).clamped(to: 10_000_000)))
    }

    /// The same day of another month, or that month's last day where it has no such day: 31 January and one month is
    /// 28 or 29 February.
    package func adding(months: Int) -> Day {
        let (_, _, day) = civil
        let target = period.adding(months: months)
        return target.firstDay.adding(days: min(day, target.length) - 1)
    }

    /// Whole days from `other` to this day.
    package func days(since other: Day) -> Int { Int(number) - Int(other.number) }

    package var period: Period {
        let (year, month, _) = civil
        return Period(number: Int32(year * 12 + month - 1))
    }

    package var firstOfMonth: Day { period.firstDay }
    package var lastOfMonth: Day { period.lastDay }
}

extension Int64 {
    fileprivate func clamped(to bound: Int64) -> Int64 { Swift.min(Swift.max(self, -bound), bound) }
}

extension Day: ASCIIText {
    package static var longestText: Int { 10 }

    /// `2026-11-21`.
    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int {
        let (year, month, day) = civil
        Digits.write(year, count: 4, to: start)
        start[4] = UInt8(ascii: "-")
        Digits.write(month, count: 2, to: start + 5)
        start[7] = UInt8(ascii: "-")
        Digits.write(day, count: 2, to: start + 8)
        return 10
    }

    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard ascii.count == 10, ascii[4] == UInt8(ascii: "-"), ascii[7] == UInt8(ascii: "-"),
            let year = Digits.read(ascii, at: 0, count: 4),
            let month = Digits.read(ascii, at: 5, count: 2),
            let day = Digits.read(ascii, at: 8, count: 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
