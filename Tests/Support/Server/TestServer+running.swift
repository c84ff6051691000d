import Cache
import Crypto
import HTTP
import JSON
import Postgres
import Runtime
import Service
import Telemetry
import Testing
import Values

/// Runs `body` with a server that offers the operations of the modules, on a migrated database of its own. Afterwards
/// every answer it gave must have kept to its declaration.
///
/// - Parameter policy: limits are off unless a test asks for them.
package func withServer<T: Sendable>(
    policy: Policy = Policy(rateLimit: nil),
    compose: @escaping @Sendable (TestPlatform) async throws -> TestComposition,
    _ body: @escaping @Sendable (TestServer) async throws -> T
) async throws -> T {
    try await withDatabase(.migrated) { database in
        let clock = TestClock()
        let metrics = MetricRegistry(loops: TestLoops.group.loops.count)
        let platform = TestPlatform(
            database: database, cache: Cache(database: database, metrics: metrics, log: .silent, clock: clock.clock),
            clock: clock.clock, log: .silent, metrics: metrics, locks: ScopeLocks(),
            outbox: Outbox(database: database, log: .silent), loops: TestLoops.group, blocking: TestLoops.blocking,
            board: RuleBoard(HouseRules(defaultLimit: policy.rateLimit), loops: TestLoops.group.loops.count))
        let composition = try await compose(platform)
        for module in composition.modules { try await module.start() }
        if !composition.modules.contains(where: { $0 is CacheModule }) { platform.cache.start() }
        try await waitUntilOpen(platform.cache, database)
        var services = Application.Services(
            database: database, authenticator: composition.authenticator, locks: platform.locks,
            limiter: RateLimiter(), clock: platform.clock, log: platform.log, metrics: platform.metrics, policy: policy,
            ring: SealingRing(current: .random(id: 1)), board: platform.board,
            blocking: TestLoops.blocking, journal: platform.journal)
        services.cache = Caching(platform.cache)
        let observer = ContractObserver()
        services.observer = { observer.observe($0, $1) }
        let application = Application(
            operations: composition.modules.operations, services: services,
            loops: TestLoops.group.loops.count)
        let http = HTTPServer(loops: TestLoops.group, responder: application)
        guard let any = SocketAddress(ip: "127.0.0.1", port: 0) else { preconditionFailure("127.0.0.1 is an address") }
        try http.start(on: any)
        guard let address = http.address else { preconditionFailure("a started server has an address") }
        let server = TestServer(
            database: database, client: TestClient(address: address, pool: TestLoops.clients), clock: clock, http: http,
            metrics: platform.metrics)
        let result: Result<T, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        await http.drain(grace: .seconds(5))
        for breach in observer.breaches { Issue.record("contract: \(breach)") }
        ExerciseRecord.add(observer.exercised)
        return try result.get()
    }
}

/// Returns when the cache hears what others drop, and so keeps things.
package func waitUntilOpen(_ cache: Cache, _ database: Database) async throws {
    // Each statement gives the listening connection a turn.
    for _ in 0..<10_000 where !cache.isOpen { _ = try await database.one(Statement<Int>("select 1")) }
    #expect(cache.isOpen)
}
