import HTTP
import Runtime

/// A network in CIDR notation: `10.0.0.0/8`, `2a02:5180::/32`, or a single address. IPv4 is kept mapped into IPv6
/// (RFC 4291, 2.5.5.2), as the server keeps its peers.
package struct Network: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64
    /// Bits of the mapped address that are the same in all of it.
    let prefix: Int

    /// Nil for what is no address with an optional prefix length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = SocketAddress(ip: String(parts[0]), port: 0) else { return nil }
        let bytes = address.addressBytes
        var length = bytes.count * 8
        if parts.count == 2 {
            guard let wanted = Int(parts[1]), (0...length).contains(wanted) else { return nil }
            length = wanted
        }
        (high, low) = Network.words(bytes)
        prefix = bytes.count == 4 ? 96 + length : length
    }

    /// 127.0.0.0/8 and ::1.
    static let loopback = [Network("127.0.0.0/8")!, Network("::1")!]

    package func contains(_ peer: PeerAddress) -> Bool { contains(peer.high, peer.low) }

    package func contains(_ address: SocketAddress) -> Bool {
        let (high, low) = Network.words(address.addressBytes)
        return contains(high, low)
    }

    private func contains(_ otherHigh: UInt64, _ otherLow: UInt64) -> Bool {
        let highBits = min(prefix, 64)
        let lowBits = max(0, prefix - 64)
        return (high ^ otherHigh) & Network.mask(highBits) == 0 && (low ^ otherLow) & Network.mask(lowBits) == 0
    }

    private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : ~0 << UInt64(64 - bits) }

    private static func words(_ bytes: ArraySlice<UInt8>) -> (UInt64, UInt64) {
        let full = bytes.count == 4 ? Array(repeating: 0, count: 10) + [0xff, 0xff] + Array(bytes) : Array(bytes)
        let word = { (range: Range<Int>) in full[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        return full.count == 16 ? (word(0..<8), word(8..<16)) : (0, 0)
    }
}

extension [Network] {
    /// Whether an address, as text, lies in one of them.
    package func contains(ip: String) -> Bool {
        guard let address = SocketAddress(ip: ip, port: 0) else { return false }
        return contains { $0.contains(address) }
    }
}
