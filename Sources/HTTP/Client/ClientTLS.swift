import Runtime
import Synchronization

/// The TLS of outbound connections, made when the first of them needs it: reading a system's authorities takes some
/// fifteen milliseconds and a megabyte, which many servers never need. Several clients may share one.
package final class ClientTLS: Sendable {
    private let authorities: String?
    private let pool: BlockingPool
    private let made = Mutex<TLSContext?>(nil)

    /// - Parameter authorities: PEM file with trusted authorities, read at once; nil for the system's. Throws
    ///   `ClientError.securing` when it cannot be read.
    package init(authorities: String? = nil, pool: BlockingPool) throws {
        self.authorities = authorities
        self.pool = pool
        if authorities != nil { _ = try make() }
    }

    /// Throws `ClientError.securing` when the system's authorities cannot be read.
    func context() async throws -> TLSContext {
        if let context = made.withLock({ $0 }) { return context }
        return try await pool.run { [self] in try make() }
    }

    /// Those who come meanwhile wait for the first.
    private func make() throws -> TLSContext {
        try made.withLock { made in
            if let made { return made }
            let context = try TLSContext(authorities: authorities)
            made = context
            return context
        }
    }
}
