/// How a customer can be reached, and the one spelling by which two contacts are the same.
struct Contact: Sendable, Hashable {
    /// As it was typed.
    let text: String
    /// `@ivan`, `+79001234567`, or the text in lower case with single spaces.
    let key: String

    /// By which rule contacts are judged.
    enum Rule: String, Sendable { case strict, free }

    /// Nil for what is no contact by the rule: strictly a Telegram name or a Russian telephone number.
    init?(_ text: String, by rule: Rule) {
        guard (3...100).contains(text.unicodeScalars.count) else { return nil }
        guard let key = Self.telegram(text) ?? Self.phone(text) ?? (rule == .free ? Self.plain(text) : nil) else { return nil }
        self.text = text
        self.key = key
    }

    /// `@name`, `t.me/name`, `https://t.me/name`: 5 to 32 letters, digits and underscores.
    private static func telegram(_ text: String) -> String? {
        let lower = text.lowercased()
        guard let prefix = ["@", "https://t.me/", "t.me/"].first(where: lower.hasPrefix) else { return nil }
        let name = lower.dropFirst(prefix.count)
        let isName = (5...32).contains(name.utf8.count) && name.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5f
        }
        return isName ? "@\(name)" : nil
    }

    /// Ten digits of which the first is 4, 8 or 9, behind `+7`, `7`, `8` or nothing, with spaces, hyphens and brackets.
    private static func phone(_ text: String) -> String? {
        var digits: [UInt8] = []
        var hasPlus = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x30...0x39: digits.append(byte)
            case UInt8(ascii: "+") where index == 0: hasPlus = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"): continue
            default: return nil
            }
        }
        if digits.count == 11, digits[0] == 0x37 || digits[0] == 0x38 && !hasPlus {
            digits.removeFirst()
        } else if hasPlus {
            return nil
        }
        guard digits.count == 10, [0x34, 0x38, 0x39].contains(digits[0]) else { return nil }
        return "+7" + String(decoding: digits, as: UTF8.self)
    }

    private static func plain(_ text: String) -> String {
        String(text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").unicodeScalars.prefix(100))
    }
}
