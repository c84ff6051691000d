/// A universally unique identifier (RFC 9562), kept as two words.
package struct UUID: Hashable, Sendable, Comparable {
    package let hi: UInt64
    package let lo: UInt64

    @inlinable
    package init(hi: UInt64, lo: UInt64) {
        self.hi = hi
        self.lo = lo
    }

    /// The all-zero identifier (RFC 9562, section 5.9).
    package static let zero = UUID(hi: 0, lo: 0)

    package var version: Int { Int(hi >> 12 & 0xf) }

    package static func < (left: UUID, right: UUID) -> Bool {
        (left.hi, left.lo) < (right.hi, right.lo)
    }
}

extension UUID: ASCIIText {
    package static var longestText: Int { 36 }

    /// 8-4-4-4-12 digits, lower case (RFC 9562, section 4).
    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int {
        var target = 0
        var word = hi
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 {
                start[target] = UInt8(ascii: "-")
                target &+= 1
            }
            if index == 16 { word = lo }
            let nibble = UInt8(truncatingIfNeeded: word >> 60)
            start[target] = nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &- 10 &+ nibble
            target &+= 1
            word &<<= 4
        }
        return 36
    }

    /// Either case is read: "when parsing, UUIDs are case-insensitive" (RFC 9562, section 4).
    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard ascii.count == 36 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for index in 0..<36 {
            let byte = ascii[index]
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let nibble = Self.nibble(byte) else { return nil }
            if index < 18 { words.0 = words.0 &<< 4 | nibble } else { words.1 = words.1 &<< 4 | nibble }
        }
        self.init(hi: words.0, lo: words.1)
    }

    private static func nibble(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }
}
