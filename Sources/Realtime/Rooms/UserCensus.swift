import Synchronization
import Values

/// How many sockets each user has in this process.
final class UserCensus: Sendable {
    private let counts = Mutex<[UUID: Int]>([:])
    private let most: Int

    init(most: Int) { self.most = most }

    /// False when the socket would be one too many.
    func enter(_ user: UUID) -> Bool {
        counts.withLock { counts in
            let known = counts[user, default: 0]
            guard known < most else { return false }
            counts[user] = known + 1
            return true
        }
    }

    func leave(_ user: UUID) {
        counts.withLock { counts in
            if let known = counts[user] { counts[user] = known > 1 ? known - 1 : nil }
        }
    }
}
