import Values

/// A value that can stand in a path or a query.
package protocol TextReadable {
    init?(text: Substring)
}

extension String: TextReadable {
    package init?(text: Substring) { self.init(text) }
}

extension Bool: TextReadable {
    /// `true` or `false`, as JSON spells them.
    package init?(text: Substring) {
        switch text {
        case "true": self = true
        case "false": self = false
        default: return nil
        }
    }
}

extension Int: TextReadable {
    /// No leading plus, which in a query is a space.
    package init?(text: Substring) {
        guard let value = Int64(text: text) else { return nil }
        self.init(exactly: value)
    }
}

extension Int32: TextReadable {
    package init?(text: Substring) {
        guard let value = Int64(text: text) else { return nil }
        self.init(exactly: value)
    }
}

extension Int64: TextReadable {
    package init?(text: Substring) {
        guard text.utf8.first != UInt8(ascii: "+") else { return nil }
        self.init(text)
    }
}

extension ASCIIText where Self: TextReadable {
    package init?(text: Substring) { self.init(text) }
}

extension UUID: TextReadable {}
extension ID: TextReadable {}
extension Instant: TextReadable {}
extension Day: TextReadable {}
extension Period: TextReadable {}
extension Currency: TextReadable {}
extension FixedPoint: TextReadable {}
extension DecimalNumber: TextReadable {}
