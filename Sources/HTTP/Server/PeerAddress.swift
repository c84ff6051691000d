import CSystem
import Glibc

/// The other end of a connection: an address of 16 bytes (IPv4 mapped into IPv6, RFC 4291 section 2.5.5.2) and a port.
/// A tenth of the size of a `sockaddr_storage`, and without memory of its own.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as two words in network byte order; zero for a socket without addresses.
    package let high: UInt64
    package let low: UInt64
    package let port: UInt16

    private static let mapped: UInt64 = 0xffff

    init(_ storage: sockaddr_storage) {
        self = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let address = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
                return PeerAddress(high: 0, low: Self.mapped << 32 | UInt64(address), port: Self.port(bytes))
            case AF_INET6:
                return PeerAddress(
                    high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)), port: Self.port(bytes))
            default:
                return PeerAddress(high: 0, low: 0, port: 0)
            }
        }
    }

    init(high: UInt64, low: UInt64, port: UInt16) {
        self.high = high
        self.low = low
        self.port = port
    }

    package var isV4: Bool { high == 0 && low >> 32 == Self.mapped }

    /// 127.0.0.0/8, ::1, or a socket of this machine's file system.
    package var isLoopback: Bool { isV4 ? low >> 24 & 0xff == 127 : high == 0 && low <= 1 }

    /// The same peer whatever its port: what limits per address count by.
    var withoutPort: PeerAddress { PeerAddress(high: high, low: low, port: 0) }

    /// The numeric address without the port; the empty string for a socket without addresses.
    package var ip: String {
        if isV4 { return dotted }
        if high == 0 && low == 0 { return "" }
        var address = (high.bigEndian, low.bigEndian)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard inet_ntop(AF_INET6, &address, text.baseAddress, socklen_t(text.count)) != nil else { return "" }
            return String(cString: text.baseAddress!)
        }
    }

    /// Asked for by every request, so written without a string for each of the four numbers; 15 characters need no memory
    /// of their own.
    private var dotted: String {
        String(unsafeUninitializedCapacity: 15) { text in
            var end = 0
            for shift in stride(from: UInt64(24), through: 0, by: -8) {
                let number = UInt8(truncatingIfNeeded: low >> shift)
                if end > 0 {
                    text[end] = UInt8(ascii: ".")
                    end += 1
                }
                for (power, isNeeded) in [(UInt8(100), number > 99), (10, number > 9), (1, true)] where isNeeded {
                    text[end] = UInt8(ascii: "0") + number / power % 10
                    end += 1
                }
            }
            return end
        }
    }

    package var description: String { isV4 ? "\(ip):\(port)" : "[\(ip)]:\(port)" }

    private static func port(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
}
