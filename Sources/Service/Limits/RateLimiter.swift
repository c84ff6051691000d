import Synchronization

/// Counts calls per policy and caller in a sliding window: the count of the window under way plus the share of the one
/// before that still lies inside. One count for all loops of the process; bounded in the number of callers it knows.
package final class RateLimiter: Sendable {
    package struct Decision: Sendable {
        package let isAllowed: Bool
        package let remaining: Int
        /// Seconds until the window under way ends; when refused, until the next call is worth a try.
        package let resetSeconds: Int
    }

    fileprivate struct Window {
        var index: Int64
        var current: Int
        var previous: Int
    }

    fileprivate struct Key: Hashable {
        let policy: String
        let caller: String
    }

    fileprivate final class Shard: Sendable {
        let windows = Mutex<[Key: Window]>([:])
    }

    private static let shardCount = 16
    fileprivate let shards = (0..<RateLimiter.shardCount).map { _ in Shard() }
    private let capacityPerShard: Int
    private let refusedCount = Atomic<UInt64>(0)

    /// - Parameter capacity: callers remembered; beyond it those whose windows have passed are forgotten first.
    package init(capacity: Int = 100_000) { capacityPerShard = max(1, capacity / RateLimiter.shardCount) }

    package var refused: UInt64 { refusedCount.load(ordering: .relaxed) }

    /// Counts one call.
    ///
    /// - Parameter seconds: any clock in seconds; given, so that tests set it.
    package func count(_ limit: RateLimit, caller: String, atSeconds seconds: Double) -> Decision {
        let length = Double(limit.windowSeconds)
        let index = Int64(seconds / length)
        let elapsed = seconds / length - Double(index)
        let key = Key(policy: limit.name, caller: caller)
        let shard = shards[Int(UInt(bitPattern: key.hashValue) % UInt(RateLimiter.shardCount))]
        let decision = shard.windows.withLock { windows -> Decision in
            if windows.count >= capacityPerShard, windows[key] == nil { Self.forget(&windows, before: index) }
            var window = windows[key] ?? Window(index: index, current: 0, previous: 0)
            if window.index != index {
                window.previous = window.index == index - 1 ? window.current : 0
                window.current = 0
                window.index = index
            }
            let used = Double(window.previous) * (1 - elapsed) + Double(window.current)
            let allowed = used + 1 <= Double(limit.quantity)
            if allowed { window.current += 1 }
            windows[key] = window
            return Decision(
                isAllowed: allowed, remaining: max(0, limit.quantity - Int(used.rounded(.up)) - (allowed ? 1 : 0)),
                resetSeconds: max(1, Int(((1 - elapsed) * length).rounded(.up))))
        }
        if !decision.isAllowed { refusedCount.add(1, ordering: .relaxed) }
        return decision
    }

    /// Seconds until one more call is worth a try, when the limit is reached; nil before. Counts nothing.
    package func wait(for limit: RateLimit, caller: String, atSeconds seconds: Double) -> Int? {
        let length = Double(limit.windowSeconds)
        let index = Int64(seconds / length)
        let elapsed = seconds / length - Double(index)
        let key = Key(policy: limit.name, caller: caller)
        let shard = shards[Int(UInt(bitPattern: key.hashValue) % UInt(RateLimiter.shardCount))]
        guard let window = shard.windows.withLock({ $0[key] }) else { return nil }
        let (current, previous) =
            switch index - window.index {
            case 0: (window.current, window.previous)
            case 1: (0, window.current)
            default: (0, 0)
            }
        if Double(previous) * (1 - elapsed) + Double(current) + 1 <= Double(limit.quantity) { return nil }
        return max(1, Int(((1 - elapsed) * length).rounded(.up)))
    }

    /// Windows of different lengths have different indices, so "long ago" is judged by what is certain: a shard that
    /// stays full after it forgets all idle callers starts anew, which forgives rather than locks out.
    private static func forget(_ windows: inout [Key: Window], before index: Int64) {
        let limit = windows.count
        windows = windows.filter { $0.value.index >= index - 1 }
        if windows.count >= limit { windows.removeAll(keepingCapacity: true) }
    }
}

extension RateLimiter {
    /// Callers remembered at this moment.
    package var knownCallers: Int { shards.reduce(0) { $0 + $1.windows.withLock { $0.count } } }
}
