/// Text between quotes, as RFC 8259 section 7 wants it, from bytes that may be anything. Stricter than a JSON writer: what
/// a terminal would obey (DEL and the C1 controls) is escaped too.
enum LogText {
    /// Whether the bytes may stand between quotes as they are.
    static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
        for byte in text where byte < 0x20 || byte >= 0x7f || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            return false
        }
        return true
    }

    static func quoted(_ text: UnsafeRawBufferPointer, limit: Int) -> [UInt8] {
        let shown = text.count > limit ? UnsafeRawBufferPointer(rebasing: text[..<limit]) : text
        var bytes = [UInt8(ascii: "\"")]
        // Decoding replaces what is no UTF-8, a character cut in two by the limit included.
        for scalar in String(decoding: shown, as: UTF8.self).unicodeScalars { append(scalar, to: &bytes) }
        if shown.count < text.count { bytes += "…".utf8 }
        bytes.append(UInt8(ascii: "\""))
        return bytes
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"": bytes += "\\\"".utf8
        case "\\": bytes += "\\\\".utf8
        case "\n": bytes += "\\n".utf8
        case "\r": bytes += "\\r".utf8
        case "\t": bytes += "\\t".utf8
        case "\u{0}"..<"\u{20}", "\u{7f}"..."\u{9f}":
            let digits = Array("0123456789abcdef".utf8)
            bytes += "\\u00".utf8
            bytes.append(digits[Int(scalar.value >> 4)])
            bytes.append(digits[Int(scalar.value & 15)])
        default: bytes += UTF8.encode(scalar)!
        }
    }
}
