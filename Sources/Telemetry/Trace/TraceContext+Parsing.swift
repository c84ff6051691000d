extension TraceContext {
    /// Reads a `traceparent` field (section 3.2.2). A caller whose field is not valid begins no trace: "if the vendor
    /// failed to parse traceparent, it MUST NOT attempt to parse tracestate" and starts anew.
    package init?(traceparent text: UnsafeRawBufferPointer) {
        // version "-" trace-id "-" parent-id "-" trace-flags
        guard text.count >= 55, text[2] == Self.dash, text[35] == Self.dash, text[52] == Self.dash,
            let version = Self.word(text, 0..<2), version != 0xff,
            let high = Self.word(text, 3..<19), let low = Self.word(text, 19..<35), high | low != 0,
            let span = Self.word(text, 36..<52), span != 0,
            let flags = Self.word(text, 53..<55)
        else { return nil }
        // A higher version may carry more after another dash; version 00 ends here.
        guard text.count == 55 || (version > 0 && text[55] == Self.dash) else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span, isSampled: flags & 1 == 1)
    }

    package init?(traceparent text: String) {
        var text = text
        guard let context = text.withUTF8({ TraceContext(traceparent: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = context
    }

    private static var dash: UInt8 { UInt8(ascii: "-") }

    /// HEXDIGLC only: upper-case digits make the field invalid.
    private static func word(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64? {
        var word: UInt64 = 0
        for index in range {
            switch text[index] {
            case let digit where (48...57).contains(digit): word = word << 4 | UInt64(digit - 48)
            case let letter where (97...102).contains(letter): word = word << 4 | UInt64(letter - 87)
            default: return nil
            }
        }
        return word
    }
}
