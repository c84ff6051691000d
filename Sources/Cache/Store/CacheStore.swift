import Runtime
import Synchronization
import Values

/// Everything that is kept in this process, for all its loops.
final class CacheStore: Sendable {
    /// What a look at the store finds.
    enum Found {
        case value(CacheValue)
        /// Somebody has to make it: the task that asks.
        case nothing(CacheFlight)
        /// Somebody is making it.
        case underWay(CacheFlight.Passenger)
        /// Not to be had without waiting.
        case busy
    }

    let generations = Generations()
    private let shards: [CacheShard]
    private let clock: Clock
    let maxItems: Int

    /// Few items make one shard, so that what is kept is what was used last of all.
    init(maxItems: Int, maxBytes: Int, clock: Clock) {
        let count = maxItems < 4096 ? 1 : 16
        shards = (0..<count).map { _ in CacheShard(maxItems: max(1, maxItems / count), maxBytes: maxBytes / count) }
        self.maxItems = maxItems
        self.clock = clock
    }

    func shard(_ hash: UInt64) -> CacheShard { shards[Int(truncatingIfNeeded: hash >> 48) & (shards.count - 1)] }

    // MARK: Looking

    /// The value of a key, when it is there and still holds. Never waits for a lock.
    func look(_ bytes: UnsafeRawBufferPointer, hash: UInt64) -> CacheEntry?? {
        let now = clock.now().microseconds
        return shard(hash).glance { state in
            guard let entry = state.entries[hash], entry.isKey(bytes) else { return nil }
            guard now < entry.expires, generations.sum(of: entry.places) == entry.generation else {
                state.remove(entry)
                return nil
            }
            state.touch(entry)
            return entry
        }
    }

    /// As `look`; of several who find nothing at once one makes the value and the others wait. Whoever asks after a drop
    /// does not get what was begun before it.
    func find(_ bytes: UnsafeRawBufferPointer, nameCount: Int, on loop: EventLoop) -> Found {
        let hash = CacheKey.hash(bytes)
        switch look(bytes, hash: hash) {
        case nil: return .busy
        case .some(.some(let entry)): return .value(entry.value)
        case .some(nil): break
        }
        let places = CachePlaces(of: UnsafeRawBufferPointer(rebasing: bytes[..<nameCount]))
        let generation = generations.sum(of: places)
        let key = CacheKey(bytes: Array(bytes), nameCount: nameCount, hash: hash)
        return shard(hash).change { state in
            // It may have landed since the look.
            if let entry = state.entries[hash], entry.isKey(bytes), entry.generation == generation {
                state.touch(entry)
                return .value(entry.value)
            }
            if let flight = state.flights[hash], flight.generation == generation, flight.key.isEqual(to: bytes) {
                let passenger = CacheFlight.Passenger(loop: loop, waiter: Waiter())
                flight.passengers.append(passenger)
                return .underWay(passenger)
            }
            let flight = CacheFlight(key: key, places: places, generation: generation)
            state.flights[hash] = flight
            return .nothing(flight)
        }
    }

    // MARK: Keeping

    /// Ends a flight: its value, if there is one, goes to those who wait, and is kept unless it is not to be, or its name
    /// was dropped meanwhile.
    func land(_ flight: CacheFlight, _ value: CacheValue?, for lifetime: Duration?) {
        if let value, let lifetime { keep(flight.key, value, flight.places, flight.generation, for: lifetime) }
        let hash = flight.key.hash
        let passengers = shard(hash).change { state in
            if state.flights[hash] === flight { state.flights[hash] = nil }
            defer { flight.passengers = [] }
            return flight.passengers
        }
        CacheFlight.land(passengers, with: value)
    }

    func keep(
        _ key: CacheKey, _ value: CacheValue, _ places: CachePlaces, _ generation: UInt64, for lifetime: Duration
    ) {
        guard generations.sum(of: places) == generation else { return }
        let expires = (clock.now() + lifetime).microseconds
        // A drop from here on makes the sums differ: it is found when the entry is looked at.
        let entry = CacheEntry(key: key, value: value, places: places, generation: generation, expires: expires)
        shard(key.hash).change { $0.keep(entry) }
    }

    /// Changes a number in one step: no other change of it comes between.
    func count(_ key: CacheKey, by amount: Int, for lifetime: Duration) -> Int {
        let places = key.bytes.withUnsafeBytes { CachePlaces(of: UnsafeRawBufferPointer(rebasing: $0[..<key.nameCount])) }
        let now = clock.now()
        let generation = generations.sum(of: places)
        let shard = shard(key.hash)
        return shard.change { state in
            var sum = amount
            var expires = (now + lifetime).microseconds
            if let old = state.entries[key.hash], old.generation == generation, now.microseconds < old.expires,
                case .number(let number) = old.value
            {
                sum = number &+ amount
                // It counts within the time that it began with.
                expires = old.expires
            }
            state.keep(
                CacheEntry(key: key, value: .number(sum), places: places, generation: generation, expires: expires))
            return sum
        }
    }

    // MARK: Dropping

    func drop(_ pattern: CachePattern) { generations.raise(pattern.place) }

    /// Takes out what does not hold any more; answers how much that was.
    func sweep() -> Int {
        let now = clock.now().microseconds
        return shards.reduce(0) { removed, shard in
            removed + shard.change { state in
                let dead = state.entries.values.filter {
                    now >= $0.expires || generations.sum(of: $0.places) != $0.generation
                }
                for entry in dead { state.remove(entry) }
                return dead.count
            }
        }
    }

    // MARK: Figures

    struct Figures: Sendable {
        var items = 0
        var bytes = 0
        var evictions = 0
    }

    var figures: Figures {
        shards.reduce(into: Figures()) { figures, shard in
            let (items, bytes, evictions) = shard.change { ($0.entries.count, $0.bytes, $0.evictions) }
            figures.items += items
            figures.bytes += bytes
            figures.evictions += evictions
        }
    }

    /// The names asked for most often, with all that is kept under each.
    func hottest(_ count: Int) -> [(name: String, hits: Int)] {
        var sums: [String: Int] = [:]
        for shard in shards {
            let hot = shard.change { state in
                state.entries.values.filter { $0.hits > 0 }.sorted { $0.hits > $1.hits }.prefix(count * 4)
                    .map { ($0.key, $0.hits) }
            }
            for (key, hits) in hot { sums[key.name, default: 0] += hits }
        }
        let sorted = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(count).map { ($0.key, $0.value) }
    }
}
