import Crypto
import Identity
import JSON
import Jobs
import Notifications
import Payments
import Postgres
import Service
import Support
import Synchronization
import Telemetry
import Values

@testable import PlatformSettings

/// The module behind a running server, with people who have roles on the platform.
struct SettingsWorld: Sendable {
    let server: TestServer
    let identity: IdentityModule
    let module: PlatformSettingsModule
    let live: LiveSettings
    let board: RuleBoard
    /// `*`, `settings:read`, none.
    let owner: String
    let admin: String
    let user: String

    static let password = "Correct7Horse"
    static let secret = Setting<String?>(
        "TEST_API_KEY", "test.apiKey", default: nil, .length(atLeast: 8), secret: true, changeable: .email,
        meaning: "A secret among the settings.")
    static let rows: [any SettingRow] =
        GeneralSettings.rows + ServerSettings.rows + PostgresSettings.rows + IdentitySettings.rows + PaymentSettings.rows
        + ContactSettings.rows + SMSSettings.rows + [secret]
    static let ring = SealingRing(current: .random(id: 1))

    func send(
        _ method: String, _ path: String, as token: String?, _ body: JSONValue? = nil, fields: [String: String] = [:]
    ) async throws -> TestAnswer {
        try await server.send(method, "/api/v1" + path, token: token, fields: fields, body: body)
    }

    func token(_ email: String) async throws -> String {
        let body: JSONValue = ["email": .string(email), "password": .string(Self.password)]
        let answer = try await server.send("POST", "/api/v1/auth/login", body: body)
        guard let token = answer.data["accessToken"]?.string else { throw Unexpected(answer: answer.text) }
        return token
    }

    @discardableResult
    func person(_ email: String, role: String? = nil) async throws -> (user: User, token: String) {
        let draft = NewUser(email: EmailAddress(email), firstName: "Ann", lastName: "Lee", source: "test")
        let user = try await identity.makeAccount(draft, password: Self.password, role: role)
        return (user, try await token(email))
    }

    /// Another instance on the same database: what it knows of the settings, and the board that its requests obey.
    func neighbour() async throws -> (state: SettingsState, board: RuleBoard) {
        let board = RuleBoard(loops: 2)
        let live = LiveSettings(try Settings(rows: Self.rows, environment: [:]))
        let state = SettingsState(database: server.database, live: live, board: board, ring: Self.ring, log: .silent)
        try await state.start()
        return (state, board)
    }

    /// Asks until it holds. Notifications come by themselves; the database is asked something in between so that time
    /// passes.
    func eventually(_ holds: () -> Bool) async throws -> Bool {
        for _ in 0..<20_000 {
            if holds() { return true }
            _ = try await server.database.one(Statement<Int>("select 1"))
        }
        return false
    }

    struct Unexpected: Error { let answer: String }
}

/// Runs `body` with the module behind a server.
func withSettings(
    environment: [String: String] = [:], policy: Policy = Policy(rateLimit: nil),
    payments: @escaping @Sendable (TestPlatform, LiveSettings) throws -> PaymentProviders? = { _, _ in nil },
    _ body: @escaping @Sendable (SettingsWorld) async throws -> Void
) async throws {
    let made = Mutex<(IdentityModule, PlatformSettingsModule, LiveSettings, RuleBoard)?>(nil)
    try await withServer(policy: policy) { platform in
        let live = LiveSettings(try Settings(rows: SettingsWorld.rows, environment: environment))
        var options = IdentityOptions(
            dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!
        options.bcryptRounds = 4
        options.isRegistrationOpen = { live[IdentitySettings.registration] }
        let notifications = Notifications(
            database: platform.database, jobs: Jobs(database: platform.database), events: platform.outbox,
            dataKey: Array(repeating: 7, count: 32), channels: .sandbox, log: .silent)
        let identity = IdentityModule(
            database: platform.database, options: options, roles: [], kinds: [], locks: platform.locks,
            postman: NotifyingPostman(notifications), loops: platform.loops.loops.count, log: platform.log,
            clock: platform.clock)
        var module = PlatformSettingsModule(
            database: platform.database, live: live, board: platform.board, identity: identity,
            notifications: notifications, outbox: platform.outbox, products: ["bazaar", "school"],
            bases: [CommissionBasis(product: "bazaar", name: "category")], ring: SettingsWorld.ring, log: platform.log,
            clock: platform.clock)
        module.payments = try payments(platform, live)
        made.withLock { $0 = (identity, module, live, platform.board) }
        return TestComposition(authenticator: identity.authenticator, modules: [identity, module])
    } _: { server in
        let (identity, module, live, board) = made.withLock { $0! }
        let bare = SettingsWorld(
            server: server, identity: identity, module: module, live: live, board: board, owner: "", admin: "", user: "")
        let world = SettingsWorld(
            server: server, identity: identity, module: module, live: live, board: board,
            owner: try await bare.person("owner@example.com", role: "super_admin").token,
            admin: try await bare.person("admin@example.com", role: "admin").token,
            user: try await bare.person("user@example.com").token)
        try await body(world)
    }
}
