/// The labels that tell the series of one metric apart. They are fixed when the series is registered: a label that a
/// request could choose would let strangers fill the memory.
package struct MetricLabels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The labels as they stand between the braces, escaped.
    let text: String

    package init(dictionaryLiteral labels: (String, String)...) { self.init(labels) }

    package init(_ labels: [(String, String)]) {
        precondition(labels.allSatisfy { Self.isName($0.0) }, "a label's name is [a-zA-Z_][a-zA-Z0-9_]*")
        text = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    }

    /// The text format's label value: backslash, double quote and line feed are escaped.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xdf) || $0 == UInt8(ascii: "_") }
    }
}
