/// What was agreed on for permessage-deflate (RFC 7692 section 7.1).
package struct DeflateTerms: Equatable, Sendable {
    /// The window of what we compress, as its power of two.
    var serverBits = 15
    /// Whether our messages refer to those before them, and theirs.
    var serverKeepsContext = true
    var clientKeepsContext = true
    /// The client has set a bound to our window, which the answer repeats.
    private var namesServerBits = false

    /// The first acceptable of the client's offers; nil when there is none. An offer with a parameter that is unknown,
    /// repeated or out of range is passed over (section 7.1).
    ///
    /// - Parameter keepsContext: whether a connection may have windows of its own: 300 KB of memory for a little less
    ///   traffic. Otherwise both sides are told to begin each message anew, which a server may do unasked (sections
    ///   7.1.1.1 and 7.1.1.2).
    init?(_ x: Exchange, keepsContext: Bool) {
        var agreed: DeflateTerms?
        x.forEachMember(of: "sec-websocket-extensions") { offer in
            if agreed == nil { agreed = DeflateTerms(offer: offer.text, keepsContext: keepsContext) }
        }
        guard let agreed else { return nil }
        self = agreed
    }

    init?(offer: String, keepsContext: Bool) {
        let parts = offer.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        guard parts[0] == "permessage-deflate" else { return nil }
        var names: Set<Substring> = []
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
            guard names.insert(pair[0]).inserted, take(pair[0], pair.count == 2 ? Self.unquoted(pair[1]) : nil)
            else { return nil }
        }
        if !keepsContext {
            serverKeepsContext = false
            clientKeepsContext = false
        }
    }

    private mutating func take(_ name: Substring, _ value: Substring?) -> Bool {
        switch (name, value) {
        case ("server_no_context_takeover", nil): serverKeepsContext = false
        case ("client_no_context_takeover", nil): clientKeepsContext = false
        case ("server_max_window_bits", let value?):
            // zlib cannot keep a window of 256 bytes.
            guard let bits = Self.bits(value), bits > 8 else { return false }
            serverBits = bits
            namesServerBits = true
        // Windows of every size can be read, so the client needs no bound; that it would take one changes nothing.
        case ("client_max_window_bits", let value): return value.map { Self.bits($0) != nil } ?? true
        default: return false
        }
        return true
    }

    /// The value of Sec-WebSocket-Extensions in the answer.
    var answer: String {
        var answer = "permessage-deflate"
        if !serverKeepsContext { answer += "; server_no_context_takeover" }
        if !clientKeepsContext { answer += "; client_no_context_takeover" }
        if namesServerBits { answer += "; server_max_window_bits=\(serverBits)" }
        return answer
    }

    /// "a decimal integer value without leading zeroes between 8 to 15, inclusive" (section 7.1.2.1).
    private static func bits(_ value: Substring) -> Int? {
        guard value.first != "0", value.utf8.allSatisfy(Grammar.isDigit), let bits = Int(value), 8...15 ~= bits
        else { return nil }
        return bits
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, Grammar.isBlank(first) { text.removeFirst() }
        while let last = text.utf8.last, Grammar.isBlank(last) { text.removeLast() }
        return text
    }

    private static func unquoted(_ value: Substring) -> Substring {
        value.count >= 2 && value.first == "\"" && value.last == "\"" ? value.dropFirst().dropLast() : value
    }
}
