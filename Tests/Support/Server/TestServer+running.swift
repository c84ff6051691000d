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
        let platform = TestPlatform(
            database: database, clock: clock.clock, log: .silent,
            metrics: MetricRegistry(loops: TestLoops.group.loops.count), locks: ScopeLocks(),
            outbox: Outbox(database: database, log: .silent), loops: TestLoops.group, blocking: TestLoops.blocking)
        let composition = try await compose(platform)
        for module in composition.modules { try await module.start() }
        var services = Application.Services(
            database: database, authenticator: composition.authenticator, locks: platform.locks,
            limiter: RateLimiter(), clock: platform.clock, log: platform.log, metrics: platform.metrics, policy: policy,
            ring: SealingRing(current: .random(id: 1)), journal: platform.journal)
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
