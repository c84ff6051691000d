/// A billing period: one calendar month, within the years 0001 to 9999.
package struct Period: Hashable, Comparable, Sendable {
    /// Months since January of the year 0.
    package let number: Int32

    /// Numbers outside the years 0001 to 9999 are moved to the nearest end.
    package init(number: Int32) {
        self.number = min(max(number, 12), 9999 * 12 + 11)
    }

    package init?(year: Int, month: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        self.init(number: Int32(year * 12 + month - 1))
    }

    package init(_ day: Day) {
        self = day.period
    }

    package var year: Int { Int(number) / 12 }
    package var month: Int { Int(number) % 12 + 1 }

    /// How many days it has.
    package var length: Int { Day.length(ofMonth: month, year: year) }

    package var firstDay: Day { Day(year: year, month: month, day: 1) ?? .first }
    package var lastDay: Day { firstDay.adding(days: length - 1) }

    package var next: Period { adding(months: 1) }
    package var previous: Period { adding(months: -1) }

    package func adding(months: Int) -> Period {
        let bounded = min(max(months, -200_000), 200_000)
        return Period(number: number + Int32(bounded))
    }

    /// Whole months from `other` to this period.
    package func months(since other: Period) -> Int { Int(number) - Int(other.number) }

    package func contains(_ day: Day) -> Bool { day.period == self }

    package static func < (left: Period, right: Period) -> Bool { left.number < right.number }
}

extension Period: ASCIIText {
    package static var longestText: Int { 7 }

    /// `2026-11`.
    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int {
        Digits.write(year, count: 4, to: start)
        start[4] = UInt8(ascii: "-")
        Digits.write(month, count: 2, to: start + 5)
        return 7
    }

    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard ascii.count == 7, ascii[4] == UInt8(ascii: "-"),
            let year = Digits.read(ascii, at: 0, count: 4),
            let month = Digits.read(ascii, at: 5, count: 2)
        else { return nil }
        self.init(year: year, month: month)
    }
}
