import Identity
import JSON
import Notifications
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Telemetry
import Testing
import Values

@testable import Jobs
@testable import QueueManagement

/// People, queues and jobs, behind a server.
final class QueueWorld: Sendable {
    static let reader = UUID("00000000-0000-7000-8000-000000000001")!
    static let manager = UUID("00000000-0000-7000-8000-000000000002")!
    static let stranger = UUID("00000000-0000-7000-8000-000000000003")!
    static let people = TestTokens([
        "reader": (reader, ["queues:read"]), "manager": (manager, ["queues:read", "queues:manage"]), "stranger": (stranger, []),
    ])
    static let counting = JobKind<Int>("count", queue: "counting")
    static let gate = JobKind<Int>("gate", queue: "counting")

    let server: TestServer
    let module: QueueManagementModule
    let jobs: Jobs

    var database: Database { server.database }
    var queues: Queues { Queues(database: database) }

    init(_ server: TestServer, _ module: QueueManagementModule) {
        self.server = server
        self.module = module
        jobs = Jobs(database: server.database)
    }

    func send(
        _ method: String, _ path: String, by token: String? = "manager", fields: [String: String] = [:],
        body: JSONValue? = nil
    ) async throws -> TestAnswer {
        try await server.send(method, "/admin/queue-management/\(path)", token: token, fields: fields, body: body)
    }

    /// Workers on the queue; 2 fails for good, 3 comes to nothing before it is stopped.
    func workers() -> JobWorkers {
        JobWorkers(
            [
                JobType(Self.counting) { number, _ in if number == 2 { throw JobVerdict.giveUp("no such address") } },
                JobType(Self.gate) { _, _ in
                    let (never, _) = AsyncStream<Void>.makeStream()
                    for await _ in never {}
                    try Task.checkCancellation()
                },
            ] + module.jobs, schedules: module.schedules, queues: [Queue("counting", concurrency: 10)], database: database,
            loops: [TestLoops.group.loops[0]], log: .silent)
    }

    /// A job in every state; answers their ids by state.
    func fill() async throws -> (JobWorkers, [String: String]) {
        let workers = workers()
        for number in 1...2 { try await jobs.enqueue(Self.counting, number) }
        try await workers.round(isHousekeeping: true)
        await workers.idle()
        await workers.writeTallies()
        try await jobs.enqueue(Self.gate, 3)
        try await workers.round(isHousekeeping: false)
        try await jobs.enqueue(Self.counting, 4, after: .seconds(600))
        try await jobs.enqueue(Self.counting, 5)
        let rows = try await queues.jobs(JobSelection("counting"), after: nil, limit: 10)
        return (workers, Dictionary(uniqueKeysWithValues: rows.map { ($0.state.rawValue, $0.id.description) }))
    }

    /// Alarms go to those whose grants say that they manage queues.
    static func settle(_ database: Database) async throws {
        try await people.settle(database)
        for (id, codes) in [(reader, ["queues:read"]), (manager, ["queues:read", "queues:manage"])] {
            try await database.execute(
                Command(
                    """
                    insert into identity.grants (id, created_at, updated_at, user_id, role, scope_type, permissions)
                    values (\(UUID.v7()), now(), now(), \(id), 'sales', 'platform', \(codes))
                    """))
        }
    }

    func trail() async throws -> [String] {
        try await database.all(Statement<String>("select action || ' ' || actor_name from identity.audit_logs order by id"))
    }
}

/// Runs `body` with the module behind a server.
func withQueues(
    isDraining: @escaping @Sendable () -> Bool = { false }, _ body: @escaping @Sendable (QueueWorld) async throws -> Void
) async throws {
    let composed = Mutex<QueueManagementModule?>(nil)
    try await withServer { platform in
        guard
            var options = IdentityOptions(
                dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")
        else { preconditionFailure("32 bytes are a key") }
        options.bcryptRounds = 4
        let identity = IdentityModule(
            database: platform.database, options: options, roles: [], kinds: [], locks: platform.locks,
            postman: NoPostman(), loops: platform.loops.loops.count, log: platform.log, clock: platform.clock)
        let notifications = Notifications(
            database: platform.database, jobs: Jobs(database: platform.database), events: platform.outbox,
            dataKey: Array(repeating: 7, count: 32), channels: Channels(email: SandboxEmail()),
            contacts: UserContacts(platform.database), clock: platform.clock, log: platform.log)
        let module = QueueManagementModule(
            database: platform.database, identity: identity, notifications: notifications,
            serverURL: "https://atrium.example", hasPage: true, isDraining: isDraining)
        composed.withLock { $0 = module }
        return TestComposition(authenticator: QueueWorld.people, modules: [identity, module])
    } _: { server in
        guard let module = composed.withLock({ $0 }) else { preconditionFailure("the server was composed") }
        try await QueueWorld.settle(server.database)
        try await body(QueueWorld(server, module))
    }
}
