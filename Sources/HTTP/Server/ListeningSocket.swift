import CSystem
import Glibc
import Runtime

/// Sockets that listen.
package enum ListeningSocket {
    /// Bytes that may lie unsent in the kernel for one connection before it calls the socket writable again: what a
    /// slow reader costs there. Accepted sockets inherit it.
    private static let unsentInKernel: Int32 = 128 * 1024
    private static let notsentLowat: Int32 = 25

    /// Opens, binds and listens; the descriptor is non-blocking. Throws `SystemError`.
    static func open(_ address: SocketAddress, backlog: Int) throws -> Int32 {
        let family = address.family == .v4 ? AF_INET : address.family == .v6 ? AF_INET6 : AF_UNIX
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let fd = try checked("socket", socket(family, type, 0))
        do {
            if address.family != .unix {
                try set(fd, SOL_SOCKET, SO_REUSEADDR, 1)
                try set(fd, SOL_SOCKET, SO_REUSEPORT, 1)
                try set(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
                try set(fd, Int32(IPPROTO_TCP), notsentLowat, unsentInKernel)
            }
            if address.family == .v6 { try set(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
            try checked("bind", address.withSockaddr { bind(fd, $0, $1) })
            try checked("listen", listen(fd, Int32(clamping: backlog)))
        } catch {
            close(fd)
            throw error
        }
        return fd
    }

    /// Throws EADDRINUSE when anybody listens there, sharing or not.
    package static func requireFree(_ address: SocketAddress) throws {
        guard address.family != .unix, address.port != 0 else { return }
        let family = address.family == .v4 ? AF_INET : AF_INET6
        let fd = try checked("socket", socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        defer { close(fd) }
        try set(fd, SOL_SOCKET, SO_REUSEADDR, 1)
        if address.family == .v6 { try set(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        try checked("bind", address.withSockaddr { bind(fd, $0, $1) })
    }

    static func address(of fd: Int32) throws -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return try withUnsafeMutablePointer(to: &storage) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try checked("getsockname", getsockname(fd, $0, &length))
                return SocketAddress($0, length: length)
            }
        }
    }

    private static func set(_ fd: Int32, _ level: Int32, _ option: Int32, _ value: Int32) throws {
        var value = value
        try checked("setsockopt", setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<Int32>.size)))
    }
}
