import CSystem
import Glibc

/// The address of a socket: IPv4, IPv6 or a path.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Family: Sendable { case v4, v6, unix }

    /// Raw `sockaddr_storage` bytes, as many as `length` says.
    private var storage: [UInt8]

    package var family: Family {
        switch Int32(UInt16(storage[0]) | UInt16(storage[1]) << 8) {
        case AF_INET: .v4
        case AF_INET6: .v6
        default: .unix
        }
    }

    /// Copies a kernel address.
    package init(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
        storage = Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
        if storage.count < 2 { storage = [UInt8(AF_UNIX), 0] }
    }

    /// A numeric address, `127.0.0.1` or `::1`, and a port; nil for anything else.
    package init?(ip: String, port: UInt16) {
        var v4 = sockaddr_in()
        v4.sin_family = sa_family_t(AF_INET)
        v4.sin_port = port.bigEndian
        if inet_pton(AF_INET, ip, &v4.sin_addr) == 1 {
            self = withUnsafeBytes(of: &v4) { SocketAddress(bytes: $0) }
            return
        }
        var v6 = sockaddr_in6()
        v6.sin6_family = sa_family_t(AF_INET6)
        v6.sin6_port = port.bigEndian
        guard inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1 else { return nil }
        self = withUnsafeBytes(of: &v6) { SocketAddress(bytes: $0) }
    }

    /// A path of at most 107 bytes (unix(7)); nil for a longer one.
    package init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < 108 else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        self = withUnsafeBytes(of: &address) { SocketAddress(bytes: $0) }
    }

    private init(bytes: UnsafeRawBufferPointer) { storage = Array(bytes) }

    package func withSockaddr<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) throws -> T) rethrows -> T {
        try storage.withUnsafeBytes {
            try body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
    }

    package var port: UInt16 {
        family == .unix ? 0 : UInt16(storage[2]) << 8 | UInt16(storage[3])
    }

    /// 4 or 16 bytes of the address itself, none of a path.
    package var addressBytes: ArraySlice<UInt8> {
        switch family {
        case .v4: storage[4..<8]
        case .v6: storage[8..<24]
        case .unix: []
        }
    }

    /// The numeric address without the port; the empty string for a path.
    package var ip: String {
        guard family != .unix else { return "" }
        var text = [CChar](repeating: 0, count: 64)
        storage.withUnsafeBytes { bytes in
            let v4 = family == .v4
            _ = inet_ntop(v4 ? AF_INET : AF_INET6, bytes.baseAddress! + (v4 ? 4 : 8), &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package var description: String {
        switch family {
        case .v4: "\(ip):\(port)"
        case .v6: "[\(ip)]:\(port)"
        case .unix: "unix:" + String(decoding: storage.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
