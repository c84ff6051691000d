import Runtime

/// Networks whose requests are refused before they are routed, and exceptions from them. Of several that hold an address
/// the narrowest decides; where none does, it is let in.
package struct AddressRules: Sendable {
    private let rules: [(network: Network, isAllowed: Bool)]

    package init(_ rules: [(network: Network, isAllowed: Bool)]) {
        self.rules = rules.sorted { $0.network.prefix > $1.network.prefix }
    }

    package var isEmpty: Bool { rules.isEmpty }

    /// - Parameter ip: a client's address; what is none (a socket of this machine) is let in.
    package func refuses(_ ip: String) -> Bool {
        guard !rules.isEmpty, let address = SocketAddress(ip: ip, port: 0) else { return false }
        return rules.first { $0.network.contains(address) }.map { !$0.isAllowed } ?? false
    }
}
