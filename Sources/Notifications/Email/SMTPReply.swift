/// What a mail server answers (RFC 5321, section 4.2): a code, and lines of text.
struct SMTPReply: Equatable {
    let code: Int
    let lines: [String]

    /// Longer lines and more of them are nobody's honest answer; RFC 5321, section 4.5.3.1.5, allows 512 bytes.
    static let longestLine = 2048
    static let mostLines = 128

    var text: String { lines.joined(separator: " ") }

    /// RFC 3463: the address is wrong, as `5.1.1` says, or `5.2.1` that the mailbox is closed.
    var saysDeadAddress: Bool {
        let word = lines.first?.prefix { $0 != " " } ?? ""
        return code / 100 == 5 && (word.hasPrefix("5.1.1") || word.hasPrefix("5.1.2") || word.hasPrefix("5.1.6")
            || word.hasPrefix("5.1.10") || word.hasPrefix("5.2.1"))
    }

    /// One line of a reply: `250-text` when more follow, `250 text` or `250` for the last. Nil for anything else.
    static func line(_ bytes: [UInt8]) -> (code: Int, isLast: Bool, text: String)? {
        guard bytes.count >= 3, bytes[..<3].allSatisfy({ (48...57).contains($0) }), (50...53).contains(bytes[0]) else {
            return nil
        }
        let code = bytes[..<3].reduce(0) { $0 * 10 + Int($1 - 48) }
        guard bytes.count > 3 else { return (code, true, "") }
        guard bytes[3] == UInt8(ascii: " ") || bytes[3] == UInt8(ascii: "-") else { return nil }
        return (code, bytes[3] == UInt8(ascii: " "), String(decoding: bytes[4...], as: UTF8.self))
    }
}
