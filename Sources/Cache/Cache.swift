import Postgres
import Runtime
import Service
import Synchronization
import Telemetry
import Values

/// What is kept in memory so that it need not be read again, in this process, and dropped in all of them at once.
///
/// While notifications of other instances cannot be heard nothing is kept and nothing given.
package final class Cache: Sendable {
    let store: CacheStore
    let options: CacheOptions
    let counts: CacheCounts
    private let crier: CacheCrier
    private let clock: Clock
    private let warmedAt = Mutex<Instant?>(nil)

    package init(
        database: Database, options: CacheOptions = CacheOptions(), metrics: MetricRegistry, log: Log,
        clock: Clock = .system
    ) {
        self.options = options
        self.clock = clock
        store = CacheStore(maxItems: options.maxItems, maxBytes: options.maxBytes, clock: clock)
        counts = CacheCounts(metrics)
        crier = CacheCrier(database: database, store: store, prefix: options.prefix, log: log)
        let store = store
        metrics.sampledGauge("atrium_cache_items", "Values kept.") { Double(store.figures.items) }
        metrics.sampledGauge("atrium_cache_bytes", "Memory of the values kept.") { Double(store.figures.bytes) }
        metrics.sampledCounter("atrium_cache_evictions_total", "Values that had to go for others.") {
            Double(store.figures.evictions)
        }
    }

    /// Begins to hear what others drop; called once.
    ///
    /// - Parameter warm: called when things begin to be kept, and when an operator asks for it.
    package func start(warm: @escaping @Sendable () -> Void = {}) {
        guard options.isEnabled else { return }
        let isWarming = options.isWarming
        crier.listen(opened: { if isWarming { warm() } }, warm: warm)
    }

    /// Whether anything is kept at this moment.
    package var isOpen: Bool { options.isEnabled && crier.isHearing }

    // MARK: Values

    /// The bytes kept under a key; nil when there are none, or when they hold no longer.
    package func get(_ key: String) -> [UInt8]? {
        guard let entry = look(key), case .bytes(let bytes) = entry.value else {
            counts.misses.add()
            return nil
        }
        counts.hits.add()
        return bytes
    }

    /// Keeps bytes. What was read before a drop does not belong here: `value` knows what was dropped meanwhile.
    ///
    /// - Parameter ttl: CACHE_TTL_DEFAULT when nil.
    package func set(_ key: String, _ bytes: [UInt8], ttl: Duration? = nil) {
        guard isOpen else { return }
        let key = self.key(key)
        let places = key.places
        store.keep(key, .bytes(bytes), places, store.generations.sum(of: places), for: ttl ?? options.lifetime)
    }

    package func exists(_ key: String) -> Bool { look(key) != nil }

    /// Adds to a number of this process, which begins at zero, and answers the sum. Its time runs from its beginning. Nil
    /// while nothing is kept.
    package func increment(_ key: String, by amount: Int = 1, ttl: Duration? = nil) -> Int? {
        guard isOpen else { return nil }
        return store.count(self.key(key), by: amount, for: ttl ?? options.lifetime)
    }

    /// The bytes kept under a key, or those that `make` makes and that are kept then. Of several who ask at once one makes
    /// them; what is dropped meanwhile is not kept.
    package func value(
        _ key: String, ttl: Duration? = nil, _ make: () async throws -> [UInt8]
    ) async throws -> [UInt8] {
        guard isOpen, let loop = EventLoop.current else { return try await make() }
        let key = self.key(key)
        let turn = try await turn {
            key.bytes.withUnsafeBytes { store.find($0, nameCount: key.nameCount, on: loop) }
        }
        switch turn {
        case .found(.bytes(let bytes)):
            counts.hits.add()
            return bytes
        case .found, .alone: return try await make()
        case .ours(let flight):
            do {
                let bytes = try await make()
                counts.misses.add()
                land(flight, .bytes(bytes), for: ttl ?? options.lifetime)
                return bytes
            } catch {
                land(flight, nil)
                throw error
            }
        }
    }

    // MARK: Dropping

    /// Drops keys on every instance: here before it returns, elsewhere within a second. Inside a transaction both happen
    /// when it has been committed, and do not when it is rolled back.
    package func del(_ keys: [String]) async throws { try await crier.drop(keys.map { pattern($0) }) }

    package func del(_ keys: String...) async throws { try await del(keys) }

    /// Drops all keys that begin with the words before a `*`, as `del` does.
    package func delPattern(_ patterns: String...) async throws { try await crier.drop(patterns.map { pattern($0) }) }

    /// As `delPattern`, for a change that has been made already: where the others cannot be told, that is logged.
    func dropAfterwards(_ names: [String]) async { await crier.dropAfterwards(names.map { pattern($0) }) }

    package func clear() async throws { try await crier.drop([.everything(prefix: options.prefix)]) }

    /// Drops at once, here, and answers how much there was.
    func dropHere(_ pattern: String) -> Int {
        _ = store.sweep()
        store.drop(self.pattern(pattern))
        return store.sweep()
    }

    private func pattern(_ text: String) -> CachePattern { CachePattern(text, prefix: options.prefix) }

    // MARK: Figures

    package func getStats() -> CacheStatistics {
        let figures = store.figures
        return CacheStatistics(
            hits: Int(counts.hits.value), misses: Int(counts.misses.value), keys: figures.items, bytes: figures.bytes,
            evictions: figures.evictions, maxItems: options.isEnabled ? options.maxItems : 0,
            mostAccessed: store.hottest(10).map { HotKey(key: $0.name, hits: $0.hits) },
            lastWarmup: warmedAt.withLock { $0 })
    }

    func noteWarmup() { warmedAt.withLock { $0 = clock.now() } }

    /// Asks every instance to warm itself.
    func callForWarming() async throws { try await crier.warm() }

    // MARK: Looking

    private func look(_ key: String) -> CacheEntry? {
        guard isOpen else { return nil }
        let key = self.key(key)
        return key.bytes.withUnsafeBytes { store.look($0, hash: key.hash) } ?? nil
    }

    private func key(_ text: String) -> CacheKey {
        let bytes = Array("\(options.prefix):\(text.lowercased())".utf8)
        return CacheKey(bytes: bytes, nameCount: bytes.count, hash: bytes.withUnsafeBytes { CacheKey.hash($0) })
    }

    enum Turn {
        case found(CacheValue)
        /// To be made here, and to be handed to `land`, whatever comes of it.
        case ours(CacheFlight)
        /// To be made here, for nobody else.
        case alone
    }

    /// What there is to do about a key. While somebody else makes its value this waits for him, once: when nothing came of
    /// it for us, it is our turn.
    func turn(_ find: () -> CacheStore.Found) async throws -> Turn {
        for _ in 0..<2 {
            switch find() {
            case .busy: return .alone
            case .value(let value): return .found(value)
            case .nothing(let flight): return .ours(flight)
            case .underWay(let passenger):
                if let value = try await ride(with: passenger) { return .found(value) }
            }
        }
        return .alone
    }

    /// - Parameter lifetime: nil for what is not kept, and given only to those who wait for it.
    func land(_ flight: CacheFlight, _ value: CacheValue?, for lifetime: Duration? = nil) {
        store.land(flight, value, for: lifetime)
    }

    private func ride(with passenger: CacheFlight.Passenger) async throws -> CacheValue? {
        try await withTaskCancellationHandler {
            try await passenger.waiter.value()
        } onCancel: {
            passenger.loop.execute { passenger.waiter.resume(throwing: CancellationError()) }
        }
    }
}

extension CacheKey {
    var places: CachePlaces {
        bytes.withUnsafeBytes { CachePlaces(of: UnsafeRawBufferPointer(rebasing: $0[..<nameCount])) }
    }
}
