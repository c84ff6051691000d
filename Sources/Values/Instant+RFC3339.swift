extension Instant: ASCIIText {
    package static var longestText: Int { 24 }

    /// `2026-11-21T10:30:00.000Z`: RFC 3339 in UTC with milliseconds; finer digits are cut off.
    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int {
        let day = day
        _ = day.writeText(to: start)
        let milliseconds = Int((microseconds - Int64(day.number) * Self.microsecondsPerDay) / 1_000)
        start[10] = UInt8(ascii: "T")
        Digits.write(milliseconds / 3_600_000, count: 2, to: start + 11)
        start[13] = UInt8(ascii: ":")
        Digits.write(milliseconds / 60_000 % 60, count: 2, to: start + 14)
        start[16] = UInt8(ascii: ":")
        Digits.write(milliseconds / 1_000 % 60, count: 2, to: start + 17)
        start[19] = UInt8(ascii: ".")
        Digits.write(milliseconds % 1_000, count: 3, to: start + 20)
        start[23] = UInt8(ascii: "Z")
        return 24
    }

    /// RFC 3339, section 5.6, `date-time`, with any offset.
    ///
    /// "T" and "Z" may be lower case; a second of 60 is the first moment of the next minute (there is no room for leap
    /// seconds in POSIX time); digits beyond microseconds are cut off.
    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard ascii.count >= 20,
            let day = Day(ascii: UnsafeBufferPointer(rebasing: ascii[0..<10])),
            ascii[10] | 0x20 == UInt8(ascii: "t"),
            let hour = Digits.read(ascii, at: 11, count: 2), hour < 24, ascii[13] == UInt8(ascii: ":"),
            let minute = Digits.read(ascii, at: 14, count: 2), minute < 60, ascii[16] == UInt8(ascii: ":"),
            let second = Digits.read(ascii, at: 17, count: 2), second <= 60
        else { return nil }
        var position = 19
        guard let fraction = Self.fraction(ascii, &position), let offset = Self.offset(ascii, position) else { return nil }
        let seconds = Int64(hour * 3_600 + minute * 60 + second) - Int64(offset)
        let value = Int64(day.number) * Self.microsecondsPerDay + seconds * 1_000_000 + Int64(fraction)
        let instant = Instant(microseconds: value)
        // An offset may carry the first or last day of the range beyond it.
        guard instant.microseconds == value else { return nil }
        self = instant
    }

    /// `[ "." 1*DIGIT ]` in microseconds.
    private static func fraction(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Int? {
        guard bytes[position] == UInt8(ascii: ".") else { return 0 }
        position += 1
        let first = position
        var value = 0
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            if position - first < 6 { value = value * 10 + Int(digit) }
            position += 1
        }
        let count = position - first
        guard count > 0, count <= 30 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    /// `"Z" / (("+" / "-") time-hour ":" time-minute)` at the end of the text, in seconds east of UTC.
    private static func offset(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
        guard position < bytes.count else { return nil }
        if bytes[position] | 0x20 == UInt8(ascii: "z") { return position + 1 == bytes.count ? 0 : nil }
        guard bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-"),
            position + 6 == bytes.count, bytes[position + 3] == UInt8(ascii: ":"),
            let hour = Digits.read(bytes, at: position + 1, count: 2), hour < 24,
            let minute = Digits.read(bytes, at: position + 4, count: 2), minute < 60
        else { return nil }
        let seconds = hour * 3_600 + minute * 60
        return bytes[position] == UInt8(ascii: "-") ? -seconds : seconds
    }
}
