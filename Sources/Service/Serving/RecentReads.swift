import Runtime
import Synchronization
import Telemetry

/// What many ask for again and again, read once for all who ask within a moment.
///
/// Whoever has changed something finds it in what he reads next: `forget` drops every reading that began before. What another
/// process changes is seen after `lifetime` at the latest, and what time changes at once, where the reading says how long it holds.
/// Who comes while nothing is kept shares a reading with the others who do (`SharedReads`).
package final class RecentReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A reading, and how long it holds by itself.
    package struct Reading: Sendable {
        let value: Value
        let life: Duration

        package init(_ value: Value, for life: Duration) {
            self.value = value
            self.life = life
        }
    }

    private struct Kept {
        let value: Value
        /// Of the monotonic clock, in nanoseconds.
        let until: UInt64
    }

    private struct State {
        var kept: [Key: Kept] = [:]
        var generation = 0
    }

    private let reads = SharedReads<Key, Value>()
    private let state = Mutex(State())
    private let lifetime: Duration
    private let limit: Int
    private let now: @Sendable () -> UInt64
    private let hits: Counter
    private let misses: Counter

    /// - Parameters:
    ///   - name: what is read, for the metric.
    ///   - lifetime: how long a reading is given to others at the most; zero keeps nothing.
    ///   - limit: readings kept; when there is no room they all go.
    package init(
        _ name: String, for lifetime: Duration, limit: Int = 128, metrics: MetricRegistry,
        now: @escaping @Sendable () -> UInt64 = EventLoop.monotonic
    ) {
        self.lifetime = lifetime
        self.limit = limit
        self.now = now
        func counter(_ result: String) -> Counter {
            metrics.counter(
                "atrium_recent_reads_total", "Readings that many share, by whether one was there.", ["name": name, "result": result])
        }
        hits = counter("hit")
        misses = counter("miss")
    }

    /// - Parameter body: reads; on the loop of whoever came first.
    package func read(_ key: Key, on loop: EventLoop, _ body: @escaping @Sendable () async throws -> Reading) async throws -> Value {
        let time = now()
        if let kept = state.withLock({ $0.kept[key] }), time < kept.until {
            hits.add()
            return kept.value
        }
        misses.add()
        return try await reads.read(key, on: loop) { [self] in
            let (begun, generation) = (now(), state.withLock { $0.generation })
            let reading = try await body()
            keep(reading, under: key, since: begun, generation)
            return reading.value
        }
    }

    /// Something has been changed, and committed.
    package func forget() {
        state.withLock { state in
            state.generation &+= 1
            state.kept.removeAll(keepingCapacity: true)
        }
    }

    private func keep(_ reading: Reading, under key: Key, since begun: UInt64, _ generation: Int) {
        let life = min(reading.life, lifetime)
        guard life > .zero else { return }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.kept.count >= limit { state.kept.removeAll(keepingCapacity: true) }
            state.kept[key] = Kept(value: reading.value, until: begun &+ life.nanoseconds)
        }
    }
}
