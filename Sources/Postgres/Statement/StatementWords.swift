/// Tells from the words of a statement whether it only reads.
///
/// Words inside quotes, dollar quotes and comments do not count (manual, 4.1). Where it errs, it errs towards "writes",
/// which costs a little time; should a write still be taken for a read, PostgreSQL refuses it, because read lanes run
/// with `default_transaction_read_only`.
enum StatementWords {
    private static let beginnings: Set<String> = ["select", "with", "values", "table"]
    private static let changes: Set<String> = [
        "insert", "update", "delete", "merge", "share", "into", "nextval", "setval", "lock", "call",
    ]

    static func isPlainRead(_ text: String) -> Bool {
        var isFirst = true
        var isRead = true
        forEachWord(Array(text.utf8)) { word in
            if isFirst { isRead = beginnings.contains(word) }
            isFirst = false
            if changes.contains(word) || word.hasPrefix("pg_advisory") || word.hasPrefix("pg_try_advisory") {
                isRead = false
            }
            return isRead
        }
        return isRead && !isFirst
    }

    /// Calls `body` with each unquoted word in lower case until it answers false.
    private static func forEachWord(_ text: [UInt8], _ body: (String) -> Bool) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                index = end(of: [byte], in: text, from: index + 1)
            case UInt8(ascii: "-") where text[index...].starts(with: "--".utf8):
                index = end(of: [UInt8(ascii: "\n")], in: text, from: index + 2)
            case UInt8(ascii: "/") where text[index...].starts(with: "/*".utf8):
                index = end(of: Array("*/".utf8), in: text, from: index + 2)
            case UInt8(ascii: "$"):
                let tagEnd = end(ofWordIn: text, from: index + 1)
                let isQuote = tagEnd < text.count && text[tagEnd] == byte
                index = isQuote ? end(of: Array(text[index...tagEnd]), in: text, from: tagEnd + 1) : max(tagEnd, index + 1)
            case _ where isWordByte(byte):
                let wordEnd = end(ofWordIn: text, from: index)
                if !body(String(decoding: text[index..<wordEnd], as: UTF8.self).lowercased()) { return }
                index = wordEnd
            default:
                index += 1
            }
        }
    }

    private static func end(of mark: [UInt8], in text: [UInt8], from start: Int) -> Int {
        var index = start
        while index < text.count, !text[index...].starts(with: mark) { index += 1 }
        return min(index + mark.count, text.count)
    }

    private static func end(ofWordIn text: [UInt8], from start: Int) -> Int {
        var index = start
        while index < text.count, isWordByte(text[index]) { index += 1 }
        return index
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }
}
