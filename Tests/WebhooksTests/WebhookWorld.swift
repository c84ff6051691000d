import Crypto
import HTTP
import Identity
import JSON
import Jobs
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Telemetry
import Values

@testable import Webhooks

/// The module behind a running server, a receiver that takes its requests, and two companies.
struct WebhookWorld: Sendable {
    let server: TestServer
    let module: WebhooksModule
    let outbox: Outbox
    let receiver: Receiver
    /// Where the receiver listens.
    let address: String
    let owner: String
    /// Manages the settings of one company.
    let director: String
    let user: String

    static let company = UUID("0190f7a2-7d4e-7c11-8a55-000000000001")!
    static let other = UUID("0190f7a2-7d4e-7c11-8a55-000000000002")!
    static let password = "Correct7Horse"

    func send(_ method: String, _ path: String, as token: String?, _ body: JSONValue? = nil) async throws -> TestAnswer {
        try await server.send(method, "/api/v1/webhook-endpoints" + path, token: token, body: body)
    }

    /// Makes an endpoint at the receiver; its path and secret.
    func endpoint(
        _ events: [String], _ more: [String: JSONValue] = [:], as token: String? = nil
    ) async throws -> (path: String, secret: String) {
        let members: [(name: String, value: JSONValue)] =
            [("url", .string(address + "/hook")), ("events", .array(events.map { .string($0) }))]
            + more.map { (name: $0.key, value: $0.value) }
        let answer = try await send("POST", "", as: token ?? owner, .object(members))
        guard let id = answer.data["endpoint"]?["id"]?.string, let secret = answer.data["secret"]?.string else {
            throw Unexpected(answer: answer.text)
        }
        return ("/\(id)", secret)
    }

    /// Something happens, and is handed over.
    func happens(_ name: String, in scope: Scope? = nil, data: JSONValue = [:]) async throws {
        try await outbox.publish(Event(name, "thing", .v7(), in: scope, data: JSONText(encoding: data)))
        while try await outbox.dispatch(to: module.eventHandlers) > 0 {}
    }

    /// Makes the attempts that are due by the test's clock.
    func work() async throws {
        let due = Statement<ID<Delivery>>(
            """
            select id from webhooks.deliveries where next_attempt_at <= \(server.clock.clock.now()) order by id
            """)
        for id in try await server.database.all(due) {
            let delivery = try await server.database.one(WebhookQueries.delivery(id))
            try await module.deliveries.deliver(DeliverWebhook(deliveryID: id, attempt: delivery.attempt))
        }
    }

    func deliveries(of path: String, as token: String? = nil) async throws -> [JSONValue] {
        try await send("GET", path + "/deliveries?limit=100", as: token ?? owner).data.array ?? []
    }

    /// A token of the owner's for a clock that has gone on.
    func ownerAgain() async throws -> String {
        let body: JSONValue = ["email": "owner@example.com", "password": .string(Self.password)]
        let answer = try await server.send("POST", "/api/v1/auth/login", body: body)
        guard let token = answer.data["accessToken"]?.string else { throw Unexpected(answer: answer.text) }
        return token
    }

    struct Unexpected: Error { let answer: String }
}

func withWebhooks(_ body: @escaping @Sendable (WebhookWorld) async throws -> Void) async throws {
    let made = Mutex<(IdentityModule, WebhooksModule, Outbox)?>(nil)
    let receiver = Receiver()
    try await withServer { platform in
        let database = platform.database
        try await database.execute(Command("create table test_companies (id uuid primary key)"))
        try await database.execute(
            Command("insert into test_companies (id) values (\(WebhookWorld.company)), (\(WebhookWorld.other))"))
        var options = IdentityOptions(
            dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!
        options.bcryptRounds = 4
        let director = Role(
            "director", title: "Director", product: "test", level: 60, on: ["company"], permissions: ["settings:manage"])
        let identity = IdentityModule(
            database: database, options: options, roles: [director],
            kinds: [.top("company", all: "select c.id from test_companies c")], locks: platform.locks,
            postman: NoPostman(), outbox: platform.outbox, loops: platform.loops.loops.count, log: platform.log,
            clock: platform.clock)
        let resolver = Resolver(pool: platform.blocking)
        let module = WebhooksModule(
            database: database, identity: identity, jobs: Jobs(database: database),
            client: try HTTPClient(loops: platform.loops, resolver: resolver), resolver: resolver,
            events: ["lamp.lit"], guardian: AddressGuard(exceptions: [Network("127.0.0.1")!]),
            ring: SealingRing(current: .random(id: 1)), metrics: platform.metrics, log: platform.log,
            clock: platform.clock)
        made.withLock { $0 = (identity, module, platform.outbox) }
        return TestComposition(authenticator: identity.authenticator, modules: [identity, module])
    } _: { server in
        let (identity, module, outbox) = made.withLock { $0! }
        func person(_ email: String, _ role: String?, on scope: Scope) async throws -> String {
            let draft = NewUser(email: EmailAddress(email), firstName: "Ann", lastName: "Lee", source: "test")
            let user = try await identity.makeAccount(draft, password: WebhookWorld.password)
            if let role { _ = try await identity.giveRole(role, on: scope, to: user) }
            let answer = try await server.send(
                "POST", "/api/v1/auth/login",
                body: ["email": .string(email), "password": .string(WebhookWorld.password)])
            guard let token = answer.data["accessToken"]?.string else { throw WebhookWorld.Unexpected(answer: answer.text) }
            return token
        }
        let world = WebhookWorld(
            server: server, module: module, outbox: outbox, receiver: receiver, address: try receiver.start(),
            owner: try await person("owner@example.com", "super_admin", on: .platform),
            director: try await person("director@example.com", "director", on: Scope("company", WebhookWorld.company)),
            user: try await person("user@example.com", nil, on: .platform))
        // What making people has told is nobody's any more.
        while try await outbox.dispatch(to: module.eventHandlers) > 0 {}
        let result: Result<Void, any Error>
        do { result = .success(try await body(world)) } catch { result = .failure(error) }
        await receiver.stop()
        try result.get()
    }
}
