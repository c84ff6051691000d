extension JSONReader {
    /// The next value, a string.
    package mutating func readString() throws -> String {
        skipSpace()
        guard position < end, base[position] == UInt8(ascii: "\"") else { throw mismatch("a string") }
        return try string()
    }

    /// The string whose opening quote stands at `position`.
    mutating func string() throws -> String {
        let slice = try rawString()
        if slice.isPlain { return Self.text(slice.start, slice.count) }
        return try Unescaping.string(slice.start, slice.count, offset: slice.start - base)
    }

    /// The bytes between the quotes, escapes still in them. `position` is behind the closing quote.
    @inline(__always)
    mutating func rawString() throws -> RawString {
        let first = position &+ 1
        var index = first
        var plain = true
        let raw = UnsafeRawPointer(base)
        while true {
            if index &+ 8 <= end {
                let marks = SWAR.needsEscape(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                if marks == 0 {
                    index &+= 8
                    continue
                }
                // The lowest mark is a true one: only bytes above a match can be marked wrongly.
                index &+= marks.trailingZeroBitCount &>> 3
            } else {
                while index < end, !Self.isSpecial(base[index]) { index &+= 1 }
                guard index < end else { throw JSONSyntaxError(.endOfInput, at: end) }
            }
            switch base[index] {
            case UInt8(ascii: "\""):
                position = index &+ 1
                return RawString(start: base + first, count: index &- first, isPlain: plain)
            case UInt8(ascii: "\\"):
                plain = false
                guard index &+ 1 < end else { throw JSONSyntaxError(.endOfInput, at: end) }
                index &+= 2
            default: throw JSONSyntaxError(.controlCharacter, at: index)
            }
        }
    }

    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// A string of bytes known to be UTF-8.
    @inline(__always)
    static func text(_ start: UnsafePointer<UInt8>, _ count: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
