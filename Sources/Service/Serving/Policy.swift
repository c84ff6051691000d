import HTTP
import Runtime

/// How the service presents itself to the outside: limits, origins, proxies. From the settings.
package struct Policy: Sendable {
    /// For operations without a limit of their own; nil switches limiting off.
    package var rateLimit: RateLimit?
    /// Exact origins that browsers may call from.
    package var corsOrigins: Set<String>
    /// Whose `X-Forwarded-For` is believed.
    package var trustedProxies: [Network]
    package var isProduction: Bool

    package init(
        rateLimit: RateLimit? = RateLimit("default", 100, perSeconds: 60), corsOrigins: Set<String> = [],
        trustedProxies: [Network] = [], isProduction: Bool = false
    ) {
        self.rateLimit = rateLimit
        self.corsOrigins = corsOrigins
        self.trustedProxies = trustedProxies
        self.isProduction = isProduction
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
