/// The little that is read of the XML of a store that we have asked: the text of elements that stand alone by their name.
enum XMLText {
    /// What stands in the first element of that name, with escapes resolved where it is text.
    static func first(_ name: String, in text: String) -> String? { all(name, in: text, atMost: 1).first }

    static func all(_ name: String, in text: String, atMost limit: Int = 1000) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while found.count < limit, let start = rest.firstRange(of: "<\(name)>") {
            guard let end = rest[start.upperBound...].firstRange(of: "</\(name)>") else { break }
            let content = String(rest[start.upperBound..<end.lowerBound])
            found.append(content.contains("<") ? content : unescape(content))
            rest = rest[end.upperBound...]
        }
        return found
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// The five of XML 1.0, 4.6, and the quotation mark as S3 writes it in tags.
    private static func unescape(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#34;", with: "\"").replacing("&apos;", with: "'").replacing("&amp;", with: "&")
    }
}
