import Cache
import Crypto
import Identity
import JSON
import Jobs
import Notifications
import Payments
import Postgres
import Print
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Analytics
@testable import Files

/// The module behind a running server, with two companies and lamps that are lit in them.
struct AnalyticsWorld: Sendable {
    let server: TestServer
    let analytics: Analytics
    let reports: Reports
    let identity: IdentityModule
    let outbox: Outbox
    let handlers: [EventHandler]
    let personal: [PersonalData]
    let warmers: [CacheWarmer]
    let owner: String
    let analyst: String
    let director: String
    let user: String

    static let company = UUID("0190f7a2-7d4e-7c11-8a55-000000000001")!
    static let other = UUID("0190f7a2-7d4e-7c11-8a55-000000000002")!

    func get(_ path: String, as token: String?) async throws -> TestAnswer {
        try await server.send("GET", "/api/v1" + path, token: token)
    }

    /// A payment that has succeeded.
    func pay(_ amount: Int, _ currency: String, in company: UUID, on day: String, refunded: Int = 0) async throws {
        let id = UUID.v7()
        let at = try #require(Instant("\(day)T12:00:00Z"))
        let status = refunded == 0 ? "succeeded" : refunded == amount ? "refunded" : "partially_refunded"
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let reference = "ORD_" + String((0..<20).map { _ in letters.randomElement()! })
        try await server.database.execute(
            Command(
                """
                insert into payments.payments (id, reference, product, purpose, purpose_id, scope_type, scope_id, payee_type,
                    payee_id, amount, currency, captured, refunded, provider, status, expires_at, succeeded_at)
                values (\(id), \(reference), 'shop', 'lamp', \(UUID.v7()), 'company', \(company), 'company', \(company),
                    \(amount), \(currency), \(amount), \(refunded), 'sandbox', \(status), \(at), \(at))
                """))
        guard refunded > 0 else { return }
        try await server.database.execute(
            Command(
                """
                insert into payments.refunds (id, updated_at, number, payment_id, amount, status, reason, requester_kind,
                    decided_at, idempotency_key)
                values (\(UUID.v7()), \(at), \("R-\(id)"), \(id), \(refunded), 'succeeded', 'other', 'staff', \(at),
                    \(UUID.v7()))
                """))
    }
}

/// Its figures, and the reports that are made of them.
extension AnalyticsWorld {
    static let lit = Mutex<Int64>(3)

    /// Three lamps on New Year's Day, more on the second, very many otherwise.
    static let lampReport = ReportKind(
        "lamps", title: "Лампы", product: "shop", permission: "lamps:read"
    ) { days, _ in
        let count = ["2026-01-01": 3, "2026-01-02": 4_000]["\(days.from)"] ?? 20_001
        return ReportTable(
            columns: [("lamp", false), ("day", false), ("watts", true)],
            rows: (0..<count).map { ["lamp \($0), مصباح", "\(days.from)", "\($0).5"] })
    }
}

func withAnalytics(_ body: @escaping @Sendable (AnalyticsWorld) async throws -> Void) async throws {
    let made = Mutex<(IdentityModule, AnalyticsModule, Outbox)?>(nil)
    try await withServer { platform in
        let database = platform.database
        try await database.execute(Command("create table test_companies (id uuid primary key)"))
        try await database.execute(
            Command("insert into test_companies (id) values (\(AnalyticsWorld.company)), (\(AnalyticsWorld.other))"))
        var options = IdentityOptions(
            dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!
        options.bcryptRounds = 4
        let director = Role(
            "director", title: "Director", product: "shop", level: 60, on: ["company"], permissions: ["analytics:read"])
        let identity = IdentityModule(
            database: database, options: options, roles: [director],
            kinds: [.top("company", all: "select c.id from test_companies c")], locks: platform.locks,
            postman: NoPostman(), outbox: platform.outbox, loops: platform.loops.loops.count, log: platform.log,
            clock: platform.clock)
        let notifications = Notifications(
            database: database, jobs: Jobs(database: database), events: platform.outbox,
            dataKey: Array(repeating: 7, count: 32), channels: .sandbox, contacts: UserContacts(database), log: .silent)
        let lamps = Figure("lamps.lit", title: "Lamps lit", product: "shop", by: "colour") { _ in
            [FigureCount("red", AnalyticsWorld.lit.withLock { $0 }), FigureCount("blue", 1)]
        }
        let section = DashboardSection("shop", on: [.platform, "company"]) { scope in
            JSONText(encoding: JSONValue.object([("lamps", scope == .platform ? 9 : 4)]))
        }
        let files = Files(
            database: database, purposes: FilePurposes([AnalyticsModule.reportFile]),
            addresses: FileAddresses(server: "http://files.test", key: [1]),
            stores: .folder(TestCluster.folder + "/reports", pool: platform.blocking), quota: 1 << 26,
            jobs: Jobs(database: database), outbox: platform.outbox, pool: platform.blocking, clock: platform.clock)
        let printer = Printer(
            font: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", pool: platform.blocking, metrics: platform.metrics,
            log: platform.log)
        let module = AnalyticsModule(
            database: database, identity: identity, notifications: notifications,
            figures: identity.figures + RevenueFigures(database: database).all + [lamps], sections: [section],
            kinds: [AnalyticsWorld.lampReport], files: files, printer: printer, jobs: Jobs(database: database), cache: platform.cache,
            trail: StaffTrail(identity.audit, identity.book), log: platform.log, clock: platform.clock)
        made.withLock { $0 = (identity, module, platform.outbox) }
        return TestComposition(authenticator: identity.authenticator, modules: [identity, module, FilesModule(files, identity: identity)])
    } _: { server in
        let (identity, module, outbox) = made.withLock { $0! }
        func person(_ email: String, _ role: String?, on scope: Scope) async throws -> String {
            let draft = NewUser(email: EmailAddress(email), firstName: "Ann", lastName: "Lee", source: "test")
            let user = try await identity.makeAccount(draft, password: "Correct7Horse")
            if let role { _ = try await identity.giveRole(role, on: scope, to: user) }
            let answer = try await server.send(
                "POST", "/api/v1/auth/login", body: ["email": .string(email), "password": "Correct7Horse"])
            return try #require(answer.data["accessToken"]?.string, "\(answer.text)")
        }
        try await body(
            AnalyticsWorld(
                server: server, analytics: module.analytics, reports: module.reports,
                identity: identity, outbox: outbox, handlers: module.eventHandlers, personal: module.personalData,
                warmers: module.warmers,
                owner: try await person("owner@example.com", "super_admin", on: .platform),
                analyst: try await person("analyst@example.com", "analyst", on: .platform),
                director: try await person("director@example.com", "director", on: Scope("company", AnalyticsWorld.company)),
                user: try await person("user@example.com", nil, on: .platform)))
    }
}
