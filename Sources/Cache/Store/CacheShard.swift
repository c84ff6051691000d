import Synchronization

/// A part of what is kept: a table, the list of least recent use, and what is being made. Its lock is held for some hundred
/// nanoseconds; who looks for a value does not wait for it.
final class CacheShard: Sendable {
    struct State {
        /// By the key's hash: of two keys that meet there, the later one stays.
        var entries: [UInt64: CacheEntry] = [:]
        var flights: [UInt64: CacheFlight] = [:]
        unowned(unsafe) var newest: CacheEntry?
        unowned(unsafe) var oldest: CacheEntry?
        var bytes = 0
        var evictions = 0
        let maxItems: Int
        let maxBytes: Int
    }

    private let state: Mutex<State>

    init(maxItems: Int, maxBytes: Int) {
        state = Mutex(State(maxItems: maxItems, maxBytes: maxBytes))
    }

    /// Looks at the shard unless another loop is just at it, for longer than a few attempts take.
    func glance<T>(_ body: (inout sending State) -> sending T) -> sending T? {
        for _ in 0..<64 {
            if let result = state.withLockIfAvailable(body) { return result }
        }
        return nil
    }

    func change<T>(_ body: (inout sending State) -> sending T) -> sending T { state.withLock(body) }
}

extension CacheShard.State {
    /// Keeps an entry in the place of what has its key, at the cost of those that were not asked for the longest.
    mutating func keep(_ entry: CacheEntry) {
        if let old = entries[entry.key.hash] { remove(old) }
        guard entry.size <= maxBytes else { return }
        while entries.count >= maxItems || bytes + entry.size > maxBytes {
            guard let oldest else { break }
            remove(oldest)
            evictions += 1
        }
        entries[entry.key.hash] = entry
        bytes += entry.size
        linkNewest(entry)
    }

    mutating func remove(_ entry: CacheEntry) {
        bytes -= entry.size
        unlink(entry)
        entries[entry.key.hash] = nil
    }

    mutating func touch(_ entry: CacheEntry) {
        entry.hits += 1
        if entry === newest { return }
        unlink(entry)
        linkNewest(entry)
    }

    private mutating func linkNewest(_ entry: CacheEntry) {
        entry.newer = nil
        entry.older = newest
        newest?.newer = entry
        newest = entry
        if oldest == nil { oldest = entry }
    }

    private mutating func unlink(_ entry: CacheEntry) {
        entry.newer?.older = entry.older
        entry.older?.newer = entry.newer
        if newest === entry { newest = entry.older }
        if oldest === entry { oldest = entry.newer }
        entry.newer = nil
        entry.older = nil
    }
}
