import Service
import Values

/// Where payers may be sent afterwards: our own hosts, those of `RETURN_HOSTS`, and applications whose scheme is named there, so
/// that no link of ours leads to a stranger's page (no open redirect).
package struct ReturnAddresses: Sendable {
    let standard: String
    let hosts: Set<String>
    /// Asked each time: operators change them.
    let more: @Sendable () -> [String]

    /// - Parameters:
    ///   - standard: for payments that name no address.
    ///   - more: beside those, `shop://` for the application of a scheme.
    ///   - hosts: `host`, `host:port`, or an address of which only the host counts.
    package init(
        standard: String, hosts: some Sequence<String>, more: @escaping @Sendable () -> [String] = { [] }
    ) {
        self.standard = standard
        self.more = more
        var all = Set(hosts.map { Self.host(of: $0) ?? $0.lowercased() })
        if let own = Self.host(of: standard) { all.insert(own) }
        self.hosts = all
    }

    /// Refuses an address that is not one of these.
    package func check(_ address: String?) throws {
        guard let address else { return }
        let more = more().map { $0.lowercased() }
        let host = Self.host(of: address), scheme = Self.scheme(of: address)
        let isAllowed =
            host.map { hosts.contains($0) || more.contains($0) } ?? scheme.map { more.contains("\($0)://") } ?? false
        guard isAllowed else {
            throw InvalidInput(field: "returnUrl", code: "choice", message: "Not an address that payers may be sent to.")
        }
    }

    func address(of payment: Payment) -> String { payment.returnURL ?? standard }

    /// The scheme of an address that an application on the payer's device opens: `shop` of `shop://paid`. Nil for anything else,
    /// and for schemes that browsers carry out or that mean something to every machine.
    static func scheme(of address: String) -> String? {
        guard let end = address.firstRange(of: "://"), address.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        let scheme = address[..<end.lowerBound].lowercased()
        guard let first = scheme.utf8.first, (0x61...0x7a).contains(first), scheme.utf8.count <= 40,
            // RFC 3986, section 3.1.
            scheme.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e].contains($0) })
        else { return nil }
        return refused.contains(scheme) ? nil : scheme
    }

    private static let refused: Set<String> = [
        "http", "https", "javascript", "data", "vbscript", "file", "blob", "about", "ftp", "ws", "wss", "filesystem", "view-source",
        "intent", "content", "jar", "mailto", "tel", "sms",
    ]

    /// The authority of an http address without user information; nil for anything else.
    static func host(of address: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: { address.lowercased().hasPrefix($0) }),
            address.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0 != "\\" && $0 != "\u{7f}" })
        else { return nil }
        let authority = address.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return authority.isEmpty || authority.contains("@") ? nil : authority.lowercased()
    }
}
