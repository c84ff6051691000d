import Glibc

/// A point in time, in whole microseconds since 1970-01-01 UTC, within the years 0001 to 9999.
package struct Instant: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    /// Values outside the years 0001 to 9999 are moved to the nearest end: RFC 3339 cannot spell them.
    package init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.limits.lowerBound), Self.limits.upperBound)
    }

    package init(secondsSince1970 seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(microseconds: overflow ? (seconds < 0 ? .min : .max) : product)
    }

    /// The first moment of `day` in UTC.
    package init(_ day: Day) {
        self.init(microseconds: Int64(day.number) * Self.microsecondsPerDay)
    }

    package static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    package static let distantPast = Instant(microseconds: .min)
    package static let distantFuture = Instant(microseconds: .max)

    /// Whole seconds since 1970, rounded down.
    package var secondsSince1970: Int64 { Self.floor(microseconds, 1_000_000) }

    /// The day in UTC.
    package var day: Day { Day(number: Int32(Self.floor(microseconds, Self.microsecondsPerDay))) }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    static let microsecondsPerDay: Int64 = 86_400_000_000

    private static let limits: ClosedRange<Int64> =
        Int64(Day.first.number) * microsecondsPerDay ... (Int64(Day.last.number) + 1) * microsecondsPerDay - 1

    static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}

extension Instant {
    package static func + (left: Instant, right: Duration) -> Instant {
        let (sum, overflow) = left.microseconds.addingReportingOverflow(right.wholeMicroseconds)
        return Instant(microseconds: overflow ? (right < .zero ? .min : .max) : sum)
    }

    package static func - (left: Instant, right: Duration) -> Instant {
        let (difference, overflow) = left.microseconds.subtractingReportingOverflow(right.wholeMicroseconds)
        return Instant(microseconds: overflow ? (right < .zero ? .max : .min) : difference)
    }

    package static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }

    package static func += (left: inout Instant, right: Duration) { left = left + right }
}

extension Duration {
    /// Rounded towards zero; what does not fit is moved to the nearest end.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }

    package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    package static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
    package static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
