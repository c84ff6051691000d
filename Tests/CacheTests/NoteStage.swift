import Crypto
import HTTP
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Telemetry
import Values

@testable import Cache

/// A server with notes and a cache.
struct NoteStage: Sendable {
    let server: TestServer
    let cache: Cache
    let notes: Notes

    func get(_ path: String, as token: String? = "anna", _ fields: [String: String] = [:]) async throws -> TestAnswer {
        try await server.send("GET", path, token: token, fields: fields)
    }

    func write(_ id: Int, _ text: Int) async throws {
        _ = try await server.send("PUT", "/texts/\(id)", body: ["text": .number("\(text)")])
    }

    /// Another instance on the same database, with a cache of its own.
    func withSecond(_ body: @escaping @Sendable (NoteStage) async throws -> Void) async throws {
        let database = server.database
        let metrics = MetricRegistry(loops: TestLoops.group.loops.count)
        let cache = Cache(database: database, metrics: metrics, log: .silent, clock: server.clock.clock)
        cache.start()
        let notes = Notes(database, cache)
        var services = Application.Services(
            database: database, authenticator: Notes.people, locks: ScopeLocks(), limiter: RateLimiter(),
            clock: server.clock.clock, log: .silent, metrics: metrics, policy: Policy(rateLimit: nil),
            ring: SealingRing(current: .random(id: 1)),
            board: RuleBoard(HouseRules(defaultLimit: nil), loops: TestLoops.group.loops.count), blocking: TestLoops.blocking)
        services.cache = Caching(cache)
        let application = Application(
            operations: notes.operations, services: services, loops: TestLoops.group.loops.count)
        let http = HTTPServer(loops: TestLoops.group, responder: application)
        guard let any = SocketAddress(ip: "127.0.0.1", port: 0) else { preconditionFailure("127.0.0.1 is an address") }
        try http.start(on: any)
        guard let address = http.address else { preconditionFailure("a started server has an address") }
        try await waitUntilOpen(cache, database)
        let client = TestClient(address: address, pool: TestLoops.clients)
        let second = NoteStage(
            server: TestServer(
                database: database, client: client, clock: server.clock, http: http, metrics: metrics),
            cache: cache, notes: notes)
        let result: Result<Void, any Error>
        do { result = .success(try await body(second)) } catch { result = .failure(error) }
        await http.drain(grace: .seconds(5))
        try result.get()
    }
}

func withNotes(
    pause: @escaping @Sendable () async -> Void = {}, warmers: [CacheWarmer] = [],
    _ body: @escaping @Sendable (NoteStage, ScopeLocks) async throws -> Void
) async throws {
    let box = Mutex<(Cache, Notes, ScopeLocks)?>(nil)
    try await withServer(compose: { platform in
        let notes = Notes(platform.database, platform.cache, pause: pause)
        box.withLock { $0 = (platform.cache, notes, platform.locks) }
        return TestComposition(
            authenticator: Notes.people,
            modules: [notes, CacheModule(platform.cache, warmers: warmers, log: .silent)])
    }) { server in
        guard let (cache, notes, locks) = box.withLock({ $0 }) else { preconditionFailure("composed") }
        try await body(NoteStage(server: server, cache: cache, notes: notes), locks)
    }
}

/// Runs `body` `count` times at once and gathers what it answers.
func atOnce<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> T) async throws -> [T] {
    try await withThrowingTaskGroup(of: T.self) { group in
        for index in 0..<count { group.addTask { try await body(index) } }
        var all: [T] = []
        for try await one in group { all.append(one) }
        return all
    }
}
