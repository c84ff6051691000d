import HTTP
import Runtime

/// How the service presents itself to the outside: limits, origins, proxies. From the settings.
package struct Policy: Sendable {
    /// For operations without a limit of their own, and for tokens that prove nothing; nil switches both off.
    package var rateLimit: RateLimit?
    /// Whether the limits that operations have of their own hold. Off in tests of something else.
    package var keepsOwnLimits: Bool
    /// Exact origins that browsers may call from.
    package var corsOrigins: Set<String>
    /// Whose `X-Forwarded-For` is believed.
    package var trustedProxies: [Network]
    /// Where admin paths may be used from; empty for anywhere.
    package var adminNetworks: [Network]
    /// Bytes of a JSON body, where the operation says nothing else.
    package var bodyLimit: Int
    package var isProduction: Bool

    package init(
        rateLimit: RateLimit? = RateLimit("default", 100, perSeconds: 60), keepsOwnLimits: Bool? = nil,
        corsOrigins: Set<String> = [], trustedProxies: [Network] = [], adminNetworks: [Network] = [],
        bodyLimit: Int = 1 << 20, isProduction: Bool = false
    ) {
        self.rateLimit = rateLimit
        self.keepsOwnLimits = keepsOwnLimits ?? (rateLimit != nil)
        self.corsOrigins = corsOrigins
        self.trustedProxies = trustedProxies
        self.adminNetworks = adminNetworks
        self.bodyLimit = bodyLimit
        self.isProduction = isProduction
    }

    /// Whether pages of any origin may call.
    var admitsOrigins: Bool { !isProduction || !corsOrigins.isEmpty }

    /// Whether pages of this origin may call: those named, and outside production those of this machine.
    package func admits(origin: String) -> Bool {
        if corsOrigins.contains(origin) { return true }
        return !isProduction && Self.isLocal(origin: origin)
    }

    private static func isLocal(origin: String) -> Bool {
        for start in ["http://localhost", "https://localhost", "http://127.0.0.1", "https://127.0.0.1"]
        where origin.hasPrefix(start) {
            let port = origin.dropFirst(start.count)
            return port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil
        }
        return false
    }

    /// The peer, or behind trusted proxies the right-most address of `X-Forwarded-For` that is none of theirs. A proxy
    /// may append to the client's line or add one of its own; all lines are one list (RFC 9110, 5.3).
    func clientAddress(of exchange: Exchange) -> String {
        guard !trustedProxies.isEmpty, isTrusted(exchange.peer) else { return exchange.peer.ip }
        var hops: [String] = []
        exchange.forEachMember(of: "x-forwarded-for") { hops.append(String(decoding: $0, as: UTF8.self)) }
        for hop in hops.reversed() {
            guard let address = SocketAddress(ip: hop, port: 0) else { break }
            if !isTrusted(address) { return address.ip }
        }
        return exchange.peer.ip
    }

    private func isTrusted(_ address: SocketAddress) -> Bool { trustedProxies.contains { $0.contains(address) } }

    private func isTrusted(_ peer: PeerAddress) -> Bool { trustedProxies.contains { $0.contains(peer) } }
}
