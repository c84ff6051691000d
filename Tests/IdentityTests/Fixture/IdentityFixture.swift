import JSON
import Jobs
import Postgres
import Service
import Support
import Telegram
import Values

@testable import Identity
@testable import Notifications

/// Identity alone behind a running server: its database, its mails, and two companies with a condo each.
struct IdentityFixture: Sendable {
    let server: TestServer
    let module: IdentityModule
    let mailbox: Mailbox

    static let company = UUID("0190f7a2-7d4e-7c11-8a55-000000000001")!
    static let condo = UUID("0190f7a2-7d4e-7c11-8a55-000000000011")!
    static let otherCompany = UUID("0190f7a2-7d4e-7c11-8a55-000000000002")!
    static let otherCondo = UUID("0190f7a2-7d4e-7c11-8a55-000000000022")!

    /// Scopes as a product registers them, from a table of its own.
    static let kinds: [ScopeKind] = [
        .top("company", all: "select c.id from test_companies c"),
        .under("company", "condo", links: "select k.id, k.company_id as parent_id from test_condos k"),
    ]

    static let roles: [Role] = [
        Role(
            "director", title: "Director", product: "test", level: 60, on: ["company"],
            permissions: ["users:read", "users:create", "users:update", "users:manage", "audit:read", "condos:update"]),
        Role(
            "guard", title: "Guard", product: "test", level: 20, on: ["condo"],
            permissions: ["users:read", "condos:update"]),
        Role(
            "resident", title: "Resident", product: "test", level: 0, on: ["condo"], permissions: [],
            isGrantedByHand: false),
    ]

    static let password = "Correct7Horse"
    /// The bot `condo` has it; nobody asks Telegram by it.
    static let botToken = "7000000001:AAExampleTokenForSpecVector0000000"
    static let administrator = "root@example.com"

    /// Somebody who has confirmed his address, with these grants, and a token of his.
    @discardableResult
    func person(
        _ email: String, _ grants: [GrantDraft] = [], password: String = IdentityFixture.password
    ) async throws -> (id: ID<User>, token: String) {
        let hash = try await module.passwords.hash(password)
        let now = module.clock.now()
        var user = NewUser(email: EmailAddress(email), firstName: "Ann", lastName: "Lee", source: "test")
            .user(status: .active, passwordHash: hash, at: now)
        user.confirmEmail(at: now)
        try await module.users.insert(user)
        for grant in grants { try await module.grants.give(grant, to: user.id, by: .system) }
        return (user.id, try await token(email, password))
    }

    func token(_ email: String, _ password: String = IdentityFixture.password) async throws -> String {
        let answer = try await signIn(email, password)
        guard let token = answer.data["accessToken"]?.string else { throw Unexpected(answer: answer.text) }
        return token
    }

    func signIn(_ email: String, _ password: String = IdentityFixture.password, from address: String = "192.0.2.1")
        async throws -> TestAnswer
    {
        try await server.send(
            "POST", "/api/v1/auth/login", fields: ["X-Forwarded-For": address, "User-Agent": "test"],
            body: ["email": .string(email), "password": .string(password)])
    }

    /// The token of the administrator that the installation begins with.
    func administrator() async throws -> String { try await token(Self.administrator, "Admin@123") }

    func refresh(_ token: String, client: String = "test", from address: String = "192.0.2.1") async throws -> TestAnswer {
        try await server.send(
            "POST", "/api/v1/auth/refresh", fields: ["X-Forwarded-For": address, "User-Agent": client],
            body: ["refreshToken": .string(token)])
    }

    func count(_ sql: SQL) async throws -> Int { try await server.database.one(Statement<Int>(sql)) }

    struct Unexpected: Error { let answer: String }
}

extension Notifications {
    /// Whatever is sent lies in the outbox.
    static func sandbox(_ database: Database, _ clock: Clock) -> Notifications {
        Notifications(
            database: database, jobs: Jobs(database: database), events: Outbox(database: database, log: .silent),
            dataKey: [UInt8](repeating: 7, count: 32), channels: .sandbox, clock: clock, log: .silent)
    }
}

/// Runs `body` with Identity behind a server. The peer is a proxy, so that tests choose addresses.
func withIdentity(
    adjust: @escaping @Sendable (inout IdentityOptions) -> Void = { _ in }, policy: Policy? = nil,
    clerk: (@Sendable (OutsideParts) throws -> ClerkService?)? = nil,
    _ body: @escaping @Sendable (IdentityFixture) async throws -> Void
) async throws {
    let mailbox = Mailbox()
    let modules = ModuleBox()
    let policy = policy ?? Policy(rateLimit: nil, trustedProxies: [Network("127.0.0.1")!])
    try await withServer(policy: policy) { platform in
        try await makeScopes(platform.database)
        var options = IdentityOptions(
            dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!
        options.bcryptRounds = 4
        options.bootstrap = Bootstrap(email: EmailAddress(IdentityFixture.administrator)!, password: "Admin@123")
        adjust(&options)
        let notifications = Notifications.sandbox(platform.database, platform.clock)
        let bot = TelegramBot(
            name: "condo", token: IdentityFixture.botToken, username: "atrium_condo_bot", base: "http://127.0.0.1:1",
            service: OutsideService("telegram", client: try TestLoops.client()))
        let module = IdentityModule(
            database: platform.database, options: options, roles: IdentityFixture.roles, kinds: IdentityFixture.kinds,
            locks: platform.locks, postman: mailbox, codes: Codes(notifications, pepper: [7]),
            bots: TelegramBots([bot]),
            clerk: try clerk?(
                OutsideParts(
                    client: try TestLoops.client(), database: platform.database, clock: platform.clock,
                    metrics: platform.metrics, log: platform.log)),
            notifications: notifications,
            loops: platform.loops.loops.count, log: platform.log,
            clock: platform.clock)
        modules.put(module)
        return TestComposition(authenticator: module.authenticator, modules: [module])
    } _: { server in
        try await body(IdentityFixture(server: server, module: modules.take(), mailbox: mailbox))
    }
}

private func makeScopes(_ database: Database) async throws {
    typealias Fixture = IdentityFixture
    try await database.execute(Command("create table test_companies (id uuid primary key)"))
    try await database.execute(
        Command("create table test_condos (id uuid primary key, company_id uuid not null references test_companies)"))
    try await database.execute(
        Command("insert into test_companies (id) values (\(Fixture.company)), (\(Fixture.otherCompany))"))
    try await database.execute(
        Command(
            """
            insert into test_condos (id, company_id)
            values (\(Fixture.condo), \(Fixture.company)), (\(Fixture.otherCondo), \(Fixture.otherCompany))
            """))
}
