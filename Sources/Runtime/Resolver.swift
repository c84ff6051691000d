import CSystem
import Glibc
import Synchronization

/// Names to addresses: `getaddrinfo` on a blocking pool, answers kept for 30 seconds.
package final class Resolver: Sendable {
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let host: String
        package let reason: String
        package var description: String { "\(host): \(reason)" }
    }

    private static let lifetime: UInt64 = 30_000_000_000
    private static let capacity = 1024

    package let pool: BlockingPool
    private let cache = Mutex<[String: (addresses: [SocketAddress], until: UInt64)]>([:])

    package init(pool: BlockingPool) { self.pool = pool }

    /// The stream addresses of a host, in the order in which to try them. Throws `Failure` or
    /// `BlockingPool.Overloaded`.
    package func resolve(_ host: String, port: UInt16) async throws -> [SocketAddress] {
        if let numeric = SocketAddress(ip: host, port: port) { return [numeric] }
        let key = "\(host):\(port)"
        let now = EventLoop.monotonic()
        if let known = cache.withLock({ $0[key] }), known.until > now { return known.addresses }
        let addresses = try await pool.run { try Resolver.lookUp(host, port) }
        cache.withLock { cache in
            if cache.count >= Resolver.capacity { cache.removeAll(keepingCapacity: true) }
            cache[key] = (addresses, now &+ Resolver.lifetime)
        }
        return addresses
    }

    private static func lookUp(_ host: String, _ port: UInt16) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw Failure(host: host, reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr {
                addresses.append(SocketAddress(address, length: entry.pointee.ai_addrlen))
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }
}
