import Synchronization

/// The timestamp half of version 7, held monotonic across threads.
///
/// RFC 9562, section 6.2, method 3: the twelve bits after the millisecond hold its fraction; when the clock stands still or
/// steps back, the last value is counted up instead.
struct UUIDClock: ~Copyable {
    private let last = Atomic<UInt64>(0)

    borrowing func next(at instant: Instant, random: UInt64) -> UUID {
        let ticks = tick(atLeast: Self.ticks(of: instant))
        let hi = (ticks & ~0xfff) << 4 | 0x7000 | ticks & 0xfff
        return UUID(hi: hi, lo: random >> 2 | 0x8000_0000_0000_0000)
    }

    /// 48 bits of milliseconds and 12 bits of their fraction.
    private static func ticks(of instant: Instant) -> UInt64 {
        let microseconds = UInt64(max(0, instant.microseconds))
        let (milliseconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000)
        return milliseconds << 12 | (rest << 12) / 1_000
    }

    private borrowing func tick(atLeast now: UInt64) -> UInt64 {
        var seen = last.load(ordering: .relaxed)
        while true {
            let mine = max(now, seen + 1)
            let (done, current) = last.compareExchange(expected: seen, desired: mine, ordering: .relaxed)
            if done { return mine }
            seen = current
        }
    }
}
