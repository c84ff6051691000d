import Synchronization

/// Where invalidations for one loop lie until it looks. Looking costs one atomic load, so a loop may look before every
/// request, and an invalidation counts for everything that begins after `post` has returned.
final class InvalidationBox: Sendable {
    private static let limit = 1_000

    private let isFilled = Atomic<Bool>(false)
    private let entries = Mutex<[Invalidation]>([])

    /// From any thread.
    func post(_ invalidation: Invalidation) {
        entries.withLock { entries in
            // A loop that stands still must not collect without bound: forgetting too much is always right.
            if entries.count >= Self.limit { entries = [.everything] } else { entries.append(invalidation) }
            isFilled.store(true, ordering: .releasing)
        }
    }

    /// What has come since the last look; the loop's own thread only.
    @inline(__always)
    func take() -> [Invalidation]? {
        guard isFilled.load(ordering: .acquiring) else { return nil }
        return entries.withLock { entries in
            isFilled.store(false, ordering: .relaxed)
            defer { entries = [] }
            return entries
        }
    }
}
