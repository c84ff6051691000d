import Runtime
import Service
import Synchronization
import Values

/// Who may call: a token is somebody's name, as long as it is not revoked.
final class People: Authenticator {
    static let ann = UUID("00000000-0000-7000-8000-00000000000a")!
    static let bob = UUID("00000000-0000-7000-8000-00000000000b")!

    private struct State {
        var revoked: Set<String> = []
        var keepers: Set<String> = ["ann"]
        var expires: [String: Instant] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func revoke(_ token: String) { state.withLock { _ = $0.revoked.insert(token) } }
    func expire(_ token: String, at instant: Instant) { state.withLock { $0.expires[token] = instant } }
    /// How many wait to hear who `slow` is.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Tells them that nobody can tell.
    func release() {
        let all = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for task in all { task.resume() }
    }

    /// Whoever keeps the hall may be in it.
    func setKeeper(_ token: String, _ isKeeper: Bool) {
        state.withLock { if isKeeper { $0.keepers.insert(token) } else { $0.keepers.remove(token) } }
    }

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        if token == "slow" {
            await withCheckedContinuation { task in state.withLock { $0.waiting.append(task) } }
            throw HouseProblem.databaseUnavailable.problem
        }
        let people = ["ann": Self.ann, "bob": Self.bob]
        let (isGone, isKeeper, expires) = state.withLock {
            ($0.revoked.contains(token), $0.keepers.contains(token), $0.expires[token] ?? .distantFuture)
        }
        guard let id = people[token], !isGone, now < expires else { return nil }
        let grant = Grant(role: "keeper", level: 1, scope: .platform, permissions: PermissionSet(role: ["hall:read", "settings:read"]))
        return Principal(
            kind: .user, userID: id, name: token, grants: isKeeper ? [grant] : [], sessionID: nil, expiresAt: expires)
    }
}
