import Runtime
import Synchronization
import Telemetry

/// Runs the warmers of all modules, one after the other and one round at a time.
final class CacheWarming: Sendable {
    static let interval = Duration.seconds(300)
    /// 0-platform, 4.12; beyond it the log says so.
    static let longest = Duration.seconds(2)

    private let cache: Cache
    private let warmers: [CacheWarmer]
    private let log: Log
    private let isRunning = Atomic<Bool>(false)

    init(_ cache: Cache, warmers: [CacheWarmer], log: Log) {
        self.cache = cache
        self.warmers = warmers
        self.log = log
    }

    /// Called on the loop.
    func begin(on loop: EventLoop) {
        guard !isRunning.exchange(true, ordering: .acquiring) else { return }
        loop.spawn { [self] in
            await run()
            isRunning.store(false, ordering: .releasing)
        }
    }

    private func run() async {
        let begun = EventLoop.monotonic()
        for warmer in warmers {
            do {
                try await warmer.run()
            } catch {
                log.warning("the cache could not be warmed", ["warmer": .text(warmer.name), "cause": .error(error)])
            }
        }
        let took = EventLoop.monotonic() - begun
        if Duration.nanoseconds(Int64(took)) > Self.longest {
            log.warning("warming the cache took long", ["milliseconds": .integer(Int64(took / 1_000_000))])
        }
        cache.noteWarmup()
    }
}
