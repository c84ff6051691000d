/// HTML of staff, read by a short list of what it may hold and written anew from what was understood: nothing of the input
/// reaches the output but escaped text and the names on the list.
enum Markup {
    /// Elements that stay, without attributes but `href` of links.
    private static let elements: Set<String> = [
        "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "s",
        "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    ]
    private static let void: Set<String> = ["br", "hr"]
    /// What stands between their tags is no text for people.
    private static let opaque: Set<String> = [
        "script", "style", "iframe", "object", "embed", "noscript", "template", "textarea", "title", "svg", "math", "xmp",
        "noembed", "noframes", "plaintext", "select", "frameset",
    ]
    /// Deeper nesting is flattened.
    private static let depth = 64

    /// The same text with nothing in it that is not on the list. Twice is once.
    static func cleaned(_ html: String) -> String {
        var reader = MarkupReader(html)
        var output = ""
        var open: [String] = []
        while let token = reader.next() {
            switch token {
            case .text(let text): output += escaped(text)
            case .close(let name):
                guard let place = open.lastIndex(of: name) else { continue }
                while open.count > place { output += "</\(open.removeLast())>" }
            case .open(let name, let href):
                if opaque.contains(name) {
                    reader.skip(past: name)
                } else if void.contains(name) {
                    output += "<\(name)>"
                } else if elements.contains(name), open.count < depth {
                    output += "<\(name)\(link(name, href))>"
                    open.append(name)
                }
            }
        }
        while let name = open.popLast() { output += "</\(name)>" }
        return output
    }

    private static func link(_ name: String, _ href: String?) -> String {
        guard name == "a", let href, isAddress(href) else { return "" }
        return " href=\"\(quoted(href))\" rel=\"noopener nofollow\""
    }

    /// Of the web, a mail address, or within the site. Browsers drop control characters and spaces before they look at the
    /// scheme, so there must be none.
    private static func isAddress(_ text: String) -> Bool {
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f }), !text.contains("{{"),
            !text.contains("\\")
        else { return false }
        let lower = text.lowercased()
        if ["https://", "http://", "mailto:"].contains(where: lower.hasPrefix) { return true }
        return (text.hasPrefix("/") && !text.hasPrefix("//")) || text.hasPrefix("#")
    }

    /// Text with what HTML would read otherwise. References to characters that stand in it stay.
    static func escaped(_ text: String) -> String {
        var output = ""
        var rest = Substring(text)
        while let character = rest.unicodeScalars.first {
            switch character {
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "&":
                if let reference = reference(at: rest) {
                    output += reference
                    rest = Substring(rest.unicodeScalars.dropFirst(reference.unicodeScalars.count))
                    continue
                }
                output += "&amp;"
            default: output.unicodeScalars.append(character)
            }
            rest = Substring(rest.unicodeScalars.dropFirst())
        }
        return output
    }

    /// The value of an attribute, or of a variable, wherever it stands.
    static func quoted(_ text: String) -> String {
        var output = ""
        for character in text.unicodeScalars {
            switch character {
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "&": output += "&amp;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.unicodeScalars.append(character)
            }
        }
        return output
    }

    /// `&amp;`, `&#8212;`, `&nbsp;` at the beginning of a text.
    private static func reference(at text: Substring) -> String? {
        guard let end = text.unicodeScalars.prefix(12).firstIndex(of: ";") else { return nil }
        let name = text.unicodeScalars[..<end].dropFirst()
        guard let first = name.first else { return nil }
        let isNamed = first.properties.isASCIIHexDigit || first.properties.isAlphabetic
        let body = first == "#" ? name.dropFirst() : name
        let isPlain = !body.isEmpty && body.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        }
        return isPlain && (first == "#" || isNamed) ? String(text.unicodeScalars[...end]) : nil
    }
}
