import Service
import Values

/// Where payers may be sent afterwards: our own hosts and those of `RETURN_HOSTS`, so that no link of ours leads to a
/// stranger's page (no open redirect).
package struct ReturnAddresses: Sendable {
    let standard: String
    let hosts: Set<String>
    /// Asked each time: operators change them.
    let more: @Sendable () -> [String]

    /// - Parameters:
    ///   - standard: for payments that name no address.
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

    func check(_ address: String?) throws {
        guard let address else { return }
        guard let host = Self.host(of: address),
            hosts.contains(host) || more().contains(where: { $0.lowercased() == host })
        else {
            throw InvalidInput(field: "returnUrl", code: "choice", message: "Not an address that payers may be sent to.")
        }
    }

    func address(of payment: Payment) -> String { payment.returnURL ?? standard }

    /// The authority of an http address without user information; nil for anything else.
    static func host(of address: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: { address.lowercased().hasPrefix($0) }),
            address.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0 != "\\" && $0 != "\u{7f}" })
        else { return nil }
        let authority = address.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return authority.isEmpty || authority.contains("@") ? nil : authority.lowercased()
    }
}
