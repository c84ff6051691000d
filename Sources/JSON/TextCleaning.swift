@_spi(_Unicode) import Swift
import Values

/// The form in which text from outside is kept: NFC, trimmed, without control characters.
enum TextCleaning {
    static let longest = 255

    static func completed(_ rules: [Rule<String>]) -> [Rule<String>] {
        let traits = rules.reduce(into: RuleTraits()) { $0.formUnion($1.traits) }
        let length = rules.first { $0.traits.contains(.bounded) } ?? .length(...longest)
        let rest = rules.filter { $0.traits.isDisjoint(with: [.multiline, .verbatim, .bounded]) }
        return [cleaning(traits, length)] + rest
    }

    /// Cleans and measures in one pass, since the text of most members is plain.
    private static func cleaning(_ traits: RuleTraits, _ length: Rule<String>) -> Rule<String> {
        let multiline = traits.contains(.multiline)
        let trims = !traits.contains(.verbatim)
        let bounds = length.bounds ?? Bounds(...longest)
        let measure = length.apply
        let error = FieldError(field: "", code: "control_character", message: "must not contain control characters")
        return Rule(
            describe: length.describe,
            apply: { text, errors in
                if let count = PlainText.length(of: text, trims: trims), bounds.contains(count) { return }
                text = normalised(text)
                if trims { text = trimmed(text) }
                if hasControl(text, multiline: multiline) {
                    errors.append(error)
                } else {
                    measure(&text, &errors)
                }
            })
    }

    /// Whether a text may name a member of a map.
    static func isName(_ text: String) -> Bool {
        text.unicodeScalars.count <= longest && !hasControl(text, multiline: false)
    }

    /// Normalization Form C (Unicode Standard Annex 15).
    static func normalised(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text._nfc { scalars.append(scalar) }
        return String(scalars)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// The general categories Cc and the line and paragraph separators; bidirectional overrides too, which make text read
    /// as something else than it is.
    private static func hasControl(_ text: String, multiline: Bool) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x09, 0x0a, 0x0d: !multiline
            case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069: true
            default: false
            }
        }
    }
}
