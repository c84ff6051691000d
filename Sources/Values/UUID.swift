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
        let text = UnsafeMutableRawPointer(start)
        let words = (HexWord(hi >> 32), HexWord(hi), HexWord(lo >> 32), HexWord(lo))
        text.storeBytes(of: words.0.text, as: UInt64.self)
        text.storeBytes(of: words.1.first, toByteOffset: 9, as: UInt32.self)
        text.storeBytes(of: words.1.second, toByteOffset: 14, as: UInt32.self)
        text.storeBytes(of: words.2.first, toByteOffset: 19, as: UInt32.self)
        text.storeBytes(of: words.2.second, toByteOffset: 24, as: UInt32.self)
        text.storeBytes(of: words.3.text, toByteOffset: 28, as: UInt64.self)
        start[8] = UInt8(ascii: "-")
        start[13] = UInt8(ascii: "-")
        start[18] = UInt8(ascii: "-")
        start[23] = UInt8(ascii: "-")
        return 36
    }

    /// Either case is read: "when parsing, UUIDs are case-insensitive" (RFC 9562, section 4).
    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard ascii.count == 36, let start = ascii.baseAddress else { return nil }
        let hyphens = (start[8] ^ 0x2d) | (start[13] ^ 0x2d) | (start[18] ^ 0x2d) | (start[23] ^ 0x2d)
        let text = UnsafeRawPointer(start)
        guard hyphens == 0,
            let first = HexWord(text: text.loadUnaligned(as: UInt64.self)).value,
            let second = HexWord(text, 9, 14).value,
            let third = HexWord(text, 19, 24).value,
            let fourth = HexWord(text: text.loadUnaligned(fromByteOffset: 28, as: UInt64.self)).value
        else { return nil }
        self.init(hi: first << 32 | second, lo: third << 32 | fourth)
    }
}
