import Glibc
import Identity
import Service
import Synchronization
import Values

/// A proof that was looked at.
final class Proof: Sendable {
    let token: String
    let principal: Principal
    let knownUntil: Instant

    init(token: String, principal: Principal, knownUntil: Instant) {
        self.token = token
        self.principal = principal
        self.knownUntil = knownUntil
    }
}

/// The proofs that one loop knows, at most `capacity`: what is over makes room first, else all is forgotten. Used on that
/// loop; what others want forgotten is taken under the lock.
final class ProofCache: Sendable {
    private struct State {
        var proofs: [Int: Proof] = [:]
        /// Counts what was forgotten, so that a proof that was looked at meanwhile is not remembered.
        var generation = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var generation: Int { state.withLock { $0.generation } }
    var count: Int { state.withLock { $0.proofs.count } }

    func find(_ token: UnsafeRawBufferPointer, at now: Instant) -> Principal? {
        let hash = Self.hash(token)
        let proof = state.withLock { $0.proofs[hash] }
        guard let proof, now < proof.knownUntil else { return nil }
        let isSame = proof.token.utf8.withContiguousStorageIfAvailable { known in
            known.count == token.count && memcmp(known.baseAddress!, token.baseAddress!, token.count) == 0
        }
        return isSame == true ? proof.principal : nil
    }

    func insert(_ proof: Proof, _ generation: Int) {
        var text = proof.token
        let hash = text.withUTF8 { Self.hash(UnsafeRawBufferPointer($0)) }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.proofs.count >= capacity, state.proofs[hash] == nil {
                let now = Instant.now
                state.proofs = state.proofs.filter { $0.value.knownUntil > now }
                if state.proofs.count >= capacity { state.proofs.removeAll(keepingCapacity: true) }
            }
            state.proofs[hash] = proof
        }
    }

    func forget(_ change: Invalidation) {
        state.withLock { state in
            state.generation += 1
            switch change {
            case .everything: state.proofs.removeAll(keepingCapacity: true)
            case .user(let id): state.proofs = state.proofs.filter { $0.value.principal.userID != id }
            case .family, .apiKey, .locks, .keys, .roles: break
            }
        }
    }

    /// Of the last 128 bytes: most often the signature and the hash, which differ between any two.
    private static func hash(_ token: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: token.suffix(128)))
        return hasher.finalize()
    }
}
