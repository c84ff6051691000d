/// What somebody typed into a search field, as operands of SQL.
struct TextSearch: Sendable {
    /// `%text%`, with the wildcards that were typed taken literally (manual, 9.7.1).
    let pattern: String
    /// The range of bytes of everything that begins with the text, lower case.
    let lower: String
    let upper: String

    init?(_ text: String?) {
        guard let text, !text.isEmpty else { return nil }
        self.init(text)
    }

    init(_ text: String) {
        var escaped = ""
        for character in text {
            if character == "%" || character == "_" || character == "\\" { escaped.append("\\") }
            escaped.append(character)
        }
        pattern = "%\(escaped)%"
        lower = text.lowercased()
        // Above every text with the prefix: no scalar sorts after U+10FFFF.
        upper = lower + "\u{10FFFF}"
    }
}
