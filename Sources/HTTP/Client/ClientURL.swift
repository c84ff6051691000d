/// An absolute http or https URL, taken apart (RFC 9110 section 4.2). No user information, no fragment.
package struct ClientURL: Hashable, Sendable, CustomStringConvertible {
    package let isSecure: Bool
    /// Lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16
    /// Path and query, beginning with a slash.
    package let target: String

    package init?(_ text: String) {
        let rest: Substring
        if text.lowercased().hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else if text.lowercased().hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else {
            return nil
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = Array(rest[..<end].utf8)
        guard authority.withUnsafeBytes({ HostSyntax.isValid($0) }) else { return nil }
        let path = String(rest[end...])
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x23 }) else { return nil }
        target = path.hasPrefix("/") ? path : "/" + path
        let colon = Self.portColon(authority)
        let name = String(decoding: authority[..<(colon ?? authority.count)], as: UTF8.self).lowercased()
        host = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        guard let colon, colon + 1 < authority.count else {
            port = isSecure ? 443 : 80
            return
        }
        guard let number = UInt16(String(decoding: authority[(colon + 1)...], as: UTF8.self)), number > 0 else { return nil }
        port = number
    }

    /// The same origin with another path and query.
    package func with(target: String) -> ClientURL? { ClientURL("\(isSecure ? "https" : "http")://\(authority)\(target)") }

    package var description: String { "\(isSecure ? "https" : "http")://\(authority)\(target)" }

    /// Host and port as the Host field has them: the scheme's own port is left out.
    package var authority: String { port == (isSecure ? 443 : 80) ? bracketed : "\(bracketed):\(port)" }

    /// Host and port as CONNECT has them.
    var endpoint: String { "\(bracketed):\(port)" }

    private var bracketed: String { host.contains(":") ? "[\(host)]" : host }

    private static func portColon(_ authority: [UInt8]) -> Int? {
        guard let colon = authority.lastIndex(of: 0x3a) else { return nil }
        // Colons inside brackets belong to the address.
        if let bracket = authority.lastIndex(of: 0x5d), colon < bracket { return nil }
        return colon
    }
}
