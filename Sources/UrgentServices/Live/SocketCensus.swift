import Synchronization

/// How many sockets each user, and each address, has in this process. Those of one who has none are not kept.
final class SocketCensus: Sendable {
    static let perUser = 3
    static let perAddress = 20

    private struct Counts {
        var users: [Int: Int] = [:]
        var addresses: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    /// False when the socket would be one too many of its address.
    func enter(_ address: String) -> Bool {
        counts.withLock { Self.count(&$0.addresses, address, atMost: Self.perAddress) }
    }

    /// False when the socket would be one too many of the user.
    func enter(_ user: Int) -> Bool {
        counts.withLock { Self.count(&$0.users, user, atMost: Self.perUser) }
    }

    func leave(_ address: String) { counts.withLock { Self.release(&$0.addresses, address) } }
    func leave(_ user: Int) { counts.withLock { Self.release(&$0.users, user) } }

    private static func count<Key>(_ counts: inout [Key: Int], _ key: Key, atMost most: Int) -> Bool {
        let known = counts[key, default: 0]
        guard known < most else { return false }
        counts[key] = known + 1
        return true
    }

    private static func release<Key>(_ counts: inout [Key: Int], _ key: Key) {
        guard let known = counts[key] else { return }
        counts[key] = known > 1 ? known - 1 : nil
    }
}
