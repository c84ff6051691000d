import Runtime

/// A value that is being made, and who waits for it. Its waiters belong to the shard's lock.
final class CacheFlight: @unchecked Sendable {
    /// One task of one loop.
    struct Passenger: Sendable {
        let loop: EventLoop
        let waiter: Waiter<CacheValue?>
    }

    let key: CacheKey
    let places: CachePlaces
    /// Of the counters, before anything was read.
    let generation: UInt64
    var passengers: [Passenger] = []

    init(key: CacheKey, places: CachePlaces, generation: UInt64) {
        self.key = key
        self.places = places
        self.generation = generation
    }

    /// Tells those who waited; nil when there is nothing for them.
    static func land(_ passengers: [Passenger], with value: CacheValue?) {
        for passenger in passengers {
            passenger.loop.execute { passenger.waiter.resume(returning: value) }
        }
    }
}
