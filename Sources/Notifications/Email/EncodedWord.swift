import Crypto

/// Texts in header fields of mails. Nothing that comes out holds a CR or LF but the folding's own, so that no text can begin
/// another field.
enum EncodedWord {
    /// Bytes of text in one word: with its frame it stays below the 75 characters of RFC 2047, section 2, and below 76 behind
    /// the name of a field.
    private static let longest = 39

    /// Unstructured text, such as a subject: as it is while it is short and printable ASCII, else in encoded words.
    static func text(_ text: String) -> String {
        let text = clean(text)
        return isPlain(text) ? text : words(text)
    }

    /// A display name in front of an address (RFC 5322, section 3.4): a quoted string or encoded words.
    static func phrase(_ name: String) -> String {
        let name = clean(name)
        guard isPlain(name) else { return words(name) }
        return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Control characters, line ends above all, become spaces.
    private static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    /// `=?` would be read as the beginning of an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 60 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("=?")
    }

    /// "Each 'encoded-word' MUST represent an integral number of characters" (RFC 2047, section 5).
    private static func words(_ text: String) -> String {
        var words: [String] = []
        var part: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if part.count + bytes.count > longest {
                words.append("=?utf-8?B?\(Base64.encode(part))?=")
                part = []
            }
            part += bytes
        }
        words.append("=?utf-8?B?\(Base64.encode(part))?=")
        return words.joined(separator: "\r\n ")
    }
}
