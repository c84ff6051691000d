import Postgres
import Runtime
import Service
import Telemetry
import Values

/// What makes values before anybody asks for them. May be called again and again, on one loop of each instance.
package struct CacheWarmer: Sendable {
    package typealias Run = nonisolated(nonsending) @Sendable () async throws -> Void

    let name: String
    let run: Run

    package init(_ name: String, run: @escaping Run) {
        self.name = name
        self.run = run
    }
}

/// A module that has values worth making ahead.
package protocol Warming: Module {
    var warmers: [CacheWarmer] { get }
}

/// The cache's own operations, and its warming.
package final class CacheModule: Module {
    package let name = "cache"
    let cache: Cache
    private let warming: CacheWarming

    /// - Parameter warmers: of the other modules.
    package init(_ cache: Cache, warmers: [CacheWarmer], log: Log) {
        self.cache = cache
        warming = CacheWarming(cache, warmers: warmers, log: log)
    }

    package var operations: [Operation] { CacheOperations.all(self) }

    package static var statements: [StatementSample] {
        [StatementSample("tell", CacheQueries.tell("", ""))]
    }

    package func start() async throws {
        guard let loop = EventLoop.current else { preconditionFailure("modules are started on a loop") }
        cache.start { [warming] in loop.execute { warming.begin(on: loop) } }
        guard cache.options.isEnabled, cache.options.isWarming else { return }
        _ = loop.timer(after: CacheWarming.interval, repeating: CacheWarming.interval) { [warming] in
            warming.begin(on: loop)
        }
    }
}
