/// A piece of HTML.
enum MarkupToken {
    case text(String)
    /// Lower case; the `href` as it was given, its character references resolved.
    case open(String, href: String?)
    case close(String)
}

/// Reads HTML leniently, as browsers do where it matters: whatever is no tag is text.
struct MarkupReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ html: String) { bytes = Array(html.utf8) }

    mutating func next() -> MarkupToken? {
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<") else { return .text(text()) }
            if isComment() {
                skipComment()
                continue
            }
            if let token = tag() { return token }
            at += 1
            return .text("<")
        }
        return nil
    }

    /// Goes on behind the closing tag of an element, or at the end where there is none.
    mutating func skip(past name: String) {
        let end = Array("</\(name)".utf8)
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "<"), matches(end) {
                _ = tag()
                return
            }
            at += 1
        }
    }

    private mutating func text() -> String {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    /// `<!…`, `<?…`: comments, declarations, processing instructions.
    private func isComment() -> Bool {
        at + 1 < bytes.count && (bytes[at + 1] == UInt8(ascii: "!") || bytes[at + 1] == UInt8(ascii: "?"))
    }

    private mutating func skipComment() {
        let end = Array((matches(Array("<!--".utf8)) ? "-->" : ">").utf8)
        at += 2
        while at < bytes.count, !matches(end) { at += 1 }
        at = min(bytes.count, at + end.count)
    }

    private func matches(_ pattern: [UInt8]) -> Bool {
        guard at + pattern.count <= bytes.count else { return false }
        return pattern.indices.allSatisfy { lower(bytes[at + $0]) == pattern[$0] }
    }

    private func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }

    /// Nil, and nothing is read, for a `<` that begins no tag.
    private mutating func tag() -> MarkupToken? {
        var place = at + 1
        let isEnd = place < bytes.count && bytes[place] == UInt8(ascii: "/")
        if isEnd { place += 1 }
        let start = place
        guard place < bytes.count, (97...122).contains(lower(bytes[place])) else { return nil }
        while place < bytes.count, !isSpace(bytes[place]), bytes[place] != UInt8(ascii: ">"), bytes[place] != UInt8(ascii: "/") {
            place += 1
        }
        let name = String(decoding: bytes[start..<place].map(lower), as: UTF8.self)
        at = place
        let href = attributes()
        return isEnd ? .close(name) : .open(name, href: href)
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// Reads to the end of the tag; answers the first `href`.
    private mutating func attributes() -> String? {
        var href: String?
        while at < bytes.count, bytes[at] != UInt8(ascii: ">") {
            if isSpace(bytes[at]) || bytes[at] == UInt8(ascii: "/") {
                at += 1
                continue
            }
            let start = at
            while at < bytes.count, !isSpace(bytes[at]), ![61, 62, 47].contains(bytes[at]) || at == start { at += 1 }
            let name = String(decoding: bytes[start..<at].map(lower), as: UTF8.self)
            let text = value()
            if name == "href", href == nil { href = text.map(Self.resolved) }
        }
        at = min(bytes.count, at + 1)
        return href
    }

    private mutating func value() -> String? {
        var place = at
        while place < bytes.count, isSpace(bytes[place]) { place += 1 }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { return nil }
        place += 1
        while place < bytes.count, isSpace(bytes[place]) { place += 1 }
        guard place < bytes.count else {
            at = place
            return nil
        }
        let quote = bytes[place]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = place + 1
            at = start
            while at < bytes.count, bytes[at] != quote { at += 1 }
            let text = String(decoding: bytes[start..<at], as: UTF8.self)
            at = min(bytes.count, at + 1)
            return text
        }
        at = place
        while at < bytes.count, !isSpace(bytes[at]), bytes[at] != UInt8(ascii: ">") { at += 1 }
        return String(decoding: bytes[place..<at], as: UTF8.self)
    }

    /// The common references; whatever else begins with `&` makes an address that is escaped once more, and so is none of
    /// another scheme.
    private static func resolved(_ text: String) -> String {
        text.replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
}
