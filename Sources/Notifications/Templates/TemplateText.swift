/// What a template says in one language: a subject, and a body in paragraphs, each with `{{name}}` where a value belongs.
package struct TemplateText: Sendable {
    let subject: String
    let body: String
    /// The body as HTML that somebody has written; else it is made of the body.
    var markup: String?

    /// The names between the braces, in order of their first use.
    var variables: [String] { Self.variables(in: "\(subject) \(body) \(markup ?? "")") }

    static func variables(in text: String) -> [String] {
        var names: [String] = []
        for piece in pieces(of: text) {
            if case .value(let name) = piece, !names.contains(name) { names.append(name) }
        }
        return names
    }

    enum Piece: Equatable {
        case text(Substring)
        case value(String)
    }

    /// `{{name}}` with a name of letters, digits and underscores is a value; all other braces are text.
    static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            let name = rest[open.upperBound..<close.lowerBound]
            guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
                pieces.append(.text(rest[..<open.upperBound]))
                rest = rest[open.upperBound...]
                continue
            }
            if open.lowerBound > rest.startIndex { pieces.append(.text(rest[..<open.lowerBound])) }
            pieces.append(.value(String(name)))
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.text(rest)) }
        return pieces
    }

    /// A value is put in as it is; braces in it are text and not looked at again.
    func filled(_ text: String, with values: [String: String]) -> String {
        Self.pieces(of: text).map { piece in
            switch piece {
            case .text(let text): String(text)
            case .value(let name): values[name] ?? ""
            }
        }.joined()
    }

    /// The body as HTML: a paragraph a line, everything escaped, an address of the web as a link. A value of several lines
    /// keeps them.
    func html(with values: [String: String]) -> String {
        if let markup { return filled(markup, with: values.mapValues { Self.lines($0) }) }
        let paragraphs = body.split(separator: "\n").map { line -> String in
            let text = Self.pieces(of: String(line)).map { piece -> String in
                switch piece {
                case .text(let text): return Markup.escaped(String(text))
                case .value(let name):
                    let value = Self.lines(values[name] ?? "")
                    return name == "link" ? "<a href=\"\(value)\">\(value)</a>" : value
                }
            }.joined()
            return "<p>\(text)</p>"
        }
        return "<!doctype html><html><body>\(paragraphs.joined())</body></html>"
    }

    private static func lines(_ value: String) -> String { Markup.escaped(value).replacing("\n", with: "<br>") }
}
