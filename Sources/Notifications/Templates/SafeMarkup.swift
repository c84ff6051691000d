/// HTML of operators for mails: of tags and attributes only those that lay a text out. What could run, load or disguise is
/// left out; text stays text.
enum SafeMarkup {
    private static let tags: Set<String> = [
        "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "pre", "s",
        "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
    ]
    private static let empty: Set<String> = ["br", "hr", "img"]
    /// Their content is no text for anybody.
    private static let mute: Set<String> = ["script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"]
    private static let attributes: [String: Set<String>] = [
        "a": ["href", "title"], "img": ["src", "alt", "width", "height"], "td": ["align", "colspan", "rowspan", "valign"],
        "th": ["align", "colspan", "rowspan", "valign"], "p": ["align"], "div": ["align"], "table": ["align", "width"],
    ]

    static func cleaned(_ html: String) -> String {
        var output = ""
        var open: [String] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            output += escaped(rest[..<start])
            rest = rest[start...]
            if rest.hasPrefix("<!--") {
                rest = rest.firstRange(of: "-->").map { rest[$0.upperBound...] } ?? ""
                continue
            }
            guard let tag = Tag(&rest) else {
                output += "&lt;"
                rest = rest.dropFirst()
                continue
            }
            if mute.contains(tag.name) {
                if !tag.isEnd { rest = afterEnd(of: tag.name, in: rest) }
            } else if !tags.contains(tag.name) {
                continue
            } else if tag.isEnd {
                guard let index = open.lastIndex(of: tag.name) else { continue }
                // What was opened since ends with it.
                for name in open[index...].reversed() { output += "</\(name)>" }
                open.removeSubrange(index...)
            } else {
                output += "<\(tag.name)\(kept(tag))>"
                if !empty.contains(tag.name) { open.append(tag.name) }
            }
        }
        output += escaped(rest)
        for name in open.reversed() { output += "</\(name)>" }
        return output
    }

    private static func kept(_ tag: Tag) -> String {
        var seen: Set<String> = []
        return tag.attributes.compactMap { name, value in
            guard attributes[tag.name]?.contains(name) == true, seen.insert(name).inserted,
                name != "href" && name != "src" || isSafeAddress(value, isImage: name == "src")
            else { return nil }
            return " \(name)=\"\(Markup.escaped(decoded(value)))\""
        }.joined()
    }

    /// An address of the web or of mail, or a variable alone, which the program fills with its own addresses.
    private static func isSafeAddress(_ value: String, isImage: Bool) -> Bool {
        let text = decoded(value).filter { !$0.isWhitespace && $0.unicodeScalars.allSatisfy { $0.value > 0x20 } }.lowercased()
        if text == "{{link}}" { return !isImage }
        return text.hasPrefix("https://") || !isImage && (text.hasPrefix("http://") || text.hasPrefix("mailto:"))
    }

    private static func afterEnd(of name: String, in rest: Substring) -> Substring {
        var rest = rest
        while let start = rest.firstRange(of: "</") {
            rest = rest[start.lowerBound...]
            if let tag = Tag(&rest) {
                if tag.name == name { return rest }
            } else {
                rest = rest.dropFirst(2)
            }
        }
        return ""
    }

    /// Entities stay what they are; everything else that could begin markup is text.
    private static func escaped(_ text: Substring) -> String { String(text).replacing("<", with: "&lt;").replacing(">", with: "&gt;") }

    /// The few entities by which an address could be disguised, and those that we write.
    private static func decoded(_ text: String) -> String {
        var output = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            output += rest[..<start]
            rest = rest[start...]
            guard let end = rest.prefix(12).firstIndex(of: ";"), let scalar = entity(rest[rest.index(after: start)..<end]) else {
                output += "&"
                rest = rest.dropFirst()
                continue
            }
            output.unicodeScalars.append(scalar)
            rest = rest[rest.index(after: end)...]
        }
        return output + rest
    }

    private static func entity(_ name: Substring) -> Unicode.Scalar? {
        switch name.lowercased() {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "colon": return ":"
        case "tab": return "\t"
        case "newline": return "\n"
        case let name where name.hasPrefix("#x"): return UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case let name where name.hasPrefix("#"): return UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
        default: return nil
        }
    }

    /// A tag as it stands in a text.
    private struct Tag {
        let name: String
        let isEnd: Bool
        var attributes: [(name: String, value: String)] = []

        /// Takes a tag from the beginning of a text; nil, and nothing taken, when none begins there.
        init?(_ text: inout Substring) {
            var rest = text.dropFirst()
            isEnd = rest.first == "/"
            if isEnd { rest = rest.dropFirst() }
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
            guard name.first?.isLetter == true else { return nil }
            self.name = name.lowercased()
            rest = rest.dropFirst(name.count)
            while true {
                rest = rest.drop { $0.isWhitespace || $0 == "/" }
                guard let first = rest.first else { break }
                if first == ">" {
                    rest = rest.dropFirst()
                    break
                }
                let name = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != ">" && $0 != "/" }
                // A lone `=` begins a name for browsers; here it is passed over.
                guard !name.isEmpty else {
                    rest = rest.dropFirst()
                    continue
                }
                rest = rest.dropFirst(name.count).drop { $0.isWhitespace }
                guard rest.first == "=" else {
                    attributes.append((name.lowercased(), ""))
                    continue
                }
                rest = rest.dropFirst().drop { $0.isWhitespace }
                if let quote = rest.first, quote == "\"" || quote == "'" {
                    let value = rest.dropFirst().prefix { $0 != quote }
                    attributes.append((name.lowercased(), String(value)))
                    rest = rest.dropFirst(value.count + 2)
                } else {
                    let value = rest.prefix { !$0.isWhitespace && $0 != ">" }
                    attributes.append((name.lowercased(), String(value)))
                    rest = rest.dropFirst(value.count)
                }
            }
            text = rest
        }
    }
}
