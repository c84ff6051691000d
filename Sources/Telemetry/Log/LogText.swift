/// Text between quotes, as RFC 8259 section 7 wants it, from bytes that may be anything.
enum LogText {
    static func append(_ text: UnsafeRawBufferPointer, to bytes: inout [UInt8], limit: Int) {
        let shown = text.count > limit ? UnsafeRawBufferPointer(rebasing: text[..<limit]) : text
        bytes.append(UInt8(ascii: "\""))
        if shown.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            bytes += shown
        } else {
            // Decoding replaces what is no UTF-8, a character cut in two by the limit included.
            for scalar in String(decoding: shown, as: UTF8.self).unicodeScalars { append(scalar, to: &bytes) }
        }
        if shown.count < text.count { bytes += "…".utf8 }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"": bytes += "\\\"".utf8
        case "\\": bytes += "\\\\".utf8
        case "\n": bytes += "\\n".utf8
        case "\r": bytes += "\\r".utf8
        case "\t": bytes += "\\t".utf8
        // The C1 controls too: a terminal may obey them.
        case "\u{0}"..<"\u{20}", "\u{7f}"..."\u{9f}":
            let digits = Array("0123456789abcdef".utf8)
            bytes += "\\u00".utf8
            bytes.append(digits[Int(scalar.value >> 4)])
            bytes.append(digits[Int(scalar.value & 15)])
        default: bytes += UTF8.encode(scalar)!
        }
    }
}
