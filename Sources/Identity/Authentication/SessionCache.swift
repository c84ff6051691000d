import Glibc
import Service
import Values

/// The sessions one loop knows. Used on that loop only; what other threads want forgotten lies in `box` and counts from
/// the next look on.
final class SessionCache: @unchecked Sendable {
    let box = InvalidationBox()
    private var sessions: ClockCache<Session>
    /// Counts invalidations, so that a session loaded while one came in is not remembered.
    private(set) var generation = 0

    init(capacity: Int) {
        sessions = ClockCache(capacity: capacity)
    }

    var count: Int { sessions.count }

    /// Whom a token stands for, when that is known and still holds.
    @inline(__always)
    func find(_ token: UnsafeRawBufferPointer, at now: Instant) -> Principal? {
        forgetWhatChanged()
        if token.isEmpty { return nil }
        let session = sessions.find(hash(token)) { session in
            session.token.withUnsafeBytes { known in
                known.count == token.count && memcmp(known.baseAddress!, token.baseAddress!, token.count) == 0
            }
        }
        guard let session, now < session.knownUntil else { return nil }
        return session.principal
    }

    /// Remembers a session, unless something changed after `generation`.
    func insert(_ session: Session, loadedAt generation: Int) {
        forgetWhatChanged()
        guard generation == self.generation else { return }
        let hash = session.token.withUnsafeBytes(hash)
        _ = sessions.insert(session, hash: hash)
    }

    func forgetWhatChanged() {
        guard let changes = box.take() else { return }
        generation &+= 1
        if changes.contains(.everything) { return sessions.removeAll() }
        var users: Set<UUID> = [], families: Set<UUID> = [], keys: Set<UUID> = []
        for change in changes {
            switch change {
            case .user(let id): users.insert(id)
            case .family(let id): families.insert(id)
            case .apiKey(let id): keys.insert(id)
            case .locks, .keys, .roles, .everything: break
            }
        }
        sessions.remove { session in
            users.contains(session.principal.userID) || session.principal.sessionID.map(families.contains) ?? false
                || session.apiKey.map(keys.contains) ?? false
        }
    }

    /// Of the last 64 bytes: most of a signature, which differs between any two tokens that were found authentic.
    private func hash(_ token: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: token.suffix(64)))
        return hasher.finalize()
    }
}
