import Synchronization

/// A gate that a product has closed on a scope: an unpaid company, a suspended tenant.
package struct ScopeLock: Sendable, Equatable {
    package enum Mode: String, CaseIterable, Sendable {
        /// Nothing works in the scope.
        case all
        /// It can be read, and not changed.
        case writes
    }

    package let mode: Mode
    package let status: Int
    package let code: String
    package let reason: String

    package init(_ mode: Mode = .all, status: Int, code: String, reason: String) {
        self.mode = mode
        self.status = status
        self.code = code
        self.reason = reason
    }

    var problem: Problem { Problem(status: status, code: code, detail: reason) }
}

/// The closed gates, mirrored in memory from `identity.scope_locks`; there are few, and most often none.
package final class ScopeLocks: Sendable {
    private let locks = Mutex<[Scope: ScopeLock]>([:])
    /// Read without the lock on every request: almost always false.
    private let isAny = Atomic<Bool>(false)
    /// Counts changes, so that an answer given before one is told from those after it.
    private let changes = Atomic<UInt64>(0)

    package init() {}

    package func replaceAll(_ all: [Scope: ScopeLock]) {
        let isChange = locks.withLock { locks in
            defer { locks = all }
            return locks != all
        }
        if isChange { changes.add(1, ordering: .releasing) }
        isAny.store(!all.isEmpty, ordering: .releasing)
    }

    var version: UInt64 { changes.load(ordering: .acquiring) }

    package var isEmpty: Bool { !isAny.load(ordering: .acquiring) }

    package func lock(on path: ScopePath) -> ScopeLock? {
        if isEmpty { return nil }
        return locks.withLock { locks in
            for scope in path { if let lock = locks[scope] { return lock } }
            return nil
        }
    }
}
