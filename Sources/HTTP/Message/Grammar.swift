import CSystem
import Glibc

/// Character classes and comparisons of RFC 9110 section 5.6 over raw bytes.
enum Grammar {
    /// token = 1*tchar; "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" /
    /// DIGIT / ALPHA (RFC 9110 section 5.6.2), as two words of bits.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        let word: UInt64 = byte < 64 ? 0x03ff_6cfa_0000_0000 : 0x57ff_ffff_c7ff_fffe
        return byte < 128 && (word >> UInt64(byte & 63)) & 1 == 1
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// Whether a field value holds only VCHAR, obs-text, SP and HTAB (RFC 9110 section 5.5: "Field values containing
    /// CR, LF, or NUL characters are invalid and dangerous"). Eight bytes a step; a step that sees a control
    /// character, which may be a tab, is looked at byte by byte.
    @inline(__always)
    static func isFieldText(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        if count < 8 { return areFieldBytes(start, count) }
        let raw = UnsafeRawPointer(start)
        // Without a branch a word; the last word overlaps the one before it. A borrow can make a byte suspicious that is
        // not: what has any is looked at byte by byte.
        var suspicious = suspicion(raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        var index = 0
        while index < count &- 8 {
            suspicious |= suspicion(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        return suspicious & 0x8080_8080_8080_8080 == 0 || areFieldBytes(start, count)
    }

    /// The highest bit of each byte that may be a control character or DEL.
    @inline(__always)
    private static func suspicion(_ word: UInt64) -> UInt64 {
        let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
        return (word &- 0x2020_2020_2020_2020) & ~word | (delete &- 0x0101_0101_0101_0101) & ~delete
    }

    @inline(__always)
    private static func areFieldBytes(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        for index in 0..<count where (start[index] < 0x20 && start[index] != 0x09) || start[index] == 0x7f {
            return false
        }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// Exact comparison with a constant.
    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && (count == 0 || memcmp(baseAddress!, text.utf8Start, count) == 0)
    }

    /// Comparison that ignores the case of ASCII letters. `lower` is written in lower case and holds no character
    /// that differs from another one of a token only in bit 0x20.
    @inline(__always)
    func equals(ignoringCase lower: StaticString) -> Bool {
        guard count == lower.utf8CodeUnitCount else { return false }
        let other = lower.utf8Start
        for index in 0..<count where self[index] | 0x20 != other[index] { return false }
        return true
    }

    /// Comparison of two runs of bytes that ignores the case of ASCII letters.
    func equals(ignoringCase other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where Self.lowered(self[index]) != Self.lowered(other[index]) { return false }
        return true
    }

    @inline(__always)
    private static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The same bytes without optional whitespace at either end (OWS, RFC 9110 section 5.6.3).
    var trimmed: UnsafeRawBufferPointer {
        var start = 0, end = count
        while start < end, Grammar.isBlank(self[start]) { start += 1 }
        while end > start, Grammar.isBlank(self[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// Calls `body` with each non-empty member of a comma-separated list (`#element`, RFC 9110 section 5.6.1). Commas
    /// inside quoted strings do not separate.
    func forEachListMember(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0, index = 0, quoted = false
        while index <= count {
            if index == count || (self[index] == 0x2c && !quoted) {
                let member = UnsafeRawBufferPointer(rebasing: self[start..<index]).trimmed
                if !member.isEmpty { body(member) }
                start = index + 1
            } else if self[index] == 0x22 {
                quoted.toggle()
            } else if self[index] == 0x5c, quoted, index + 1 < count {
                index += 1
            }
            index += 1
        }
    }

    /// The bytes as text; bytes that are no UTF-8 become U+FFFD.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// A number written as 1*DIGIT and nothing else; nil when it is anything else or does not fit.
    var decimal: Int? {
        guard !isEmpty, count <= 19 else { return nil }
        var value = 0
        for byte in self {
            guard Grammar.isDigit(byte) else { return nil }
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(Int(byte &- 0x30))
            guard !over, !carried else { return nil }
            value = sum
        }
        return value
    }
}
