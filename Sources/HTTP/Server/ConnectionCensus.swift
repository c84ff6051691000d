import Synchronization

/// Counts the connections of the whole server, in all and per address. Touched when a connection begins and ends, never
/// by a request.
final class ConnectionCensus: Sendable {
    private struct Counts {
        var all = 0
        var perAddress: [PeerAddress: Int] = [:]
    }

    private let limits: ServerLimits
    private let counts = Mutex(Counts())

    init(limits: ServerLimits) { self.limits = limits }

    var all: Int { counts.withLock { $0.all } }

    /// False when the connection would be one too many.
    func enter(_ peer: PeerAddress) -> Bool {
        let limited = isLimited(peer)
        return counts.withLock { counts in
            guard counts.all < limits.connections else { return false }
            if limited {
                let key = peer.withoutPort
                let known = counts.perAddress[key, default: 0]
                guard known < limits.connectionsPerAddress else { return false }
                counts.perAddress[key] = known + 1
            }
            counts.all += 1
            return true
        }
    }

    func leave(_ peer: PeerAddress) {
        let limited = isLimited(peer)
        counts.withLock { counts in
            counts.all -= 1
            guard limited else { return }
            let key = peer.withoutPort
            if let known = counts.perAddress[key] { counts.perAddress[key] = known > 1 ? known - 1 : nil }
        }
    }

    private func isLimited(_ peer: PeerAddress) -> Bool { !(limits.exemptsLoopback && peer.isLoopback) }
}
