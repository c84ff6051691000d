import Analytics
import Cache
import Condominiums
import Console
import Crypto
import Files
import HTTP
import Identity
import Invoices
import Jobs
import Notifications
import Payments
import PlatformSettings
import Realtime
import Print
import Service
import Subscriptions
import Telegram
import UrgentServices
import Webhooks

/// What the program consists of: the modules, and what is built of them. Nothing is registered anywhere else.
struct Composition: Sendable {
    /// The one table of settings.
    static let settingRows: [any SettingRow] = [
        GeneralSettings.rows,
        [Product.setting],
        ServerSettings.rows,
        LimitSettings.rows,
        PostgresSettings.rows,
        RealtimeSettings.rows,
        JobSettings.rows,
        CacheSettings.rows,
        SecretSettings.rows,
        IdentitySettings.rows,
        ClerkSettings.rows,
        NotificationSettings.rows,
        SMSSettings.rows,
        [CreditScopes.setting],
        PushSettings.rows,
        TelegramSettings.rows,
        SubscriptionSettings.rows,
        PrintSettings.rows,
        PaymentSettings.rows,
        FileSettings.rows,
        RecognitionSettings.rows,
        ContactSettings.rows,
        WebhookSettings.rows,
        UrgentSettings.rows,
    ].flatMap { $0 }

    let modules: [any Module]
    let identity: IdentityModule
    let outbox: Outbox
    let realtime: RealtimeModule
    private let isProduction: Bool
    let drain = Drain()
    var operations: [Operation] { application.operations }
    /// The description of the API; made anew each time, since it is large and seldom asked for.
    let document: @Sendable () -> OpenAPI
    let application: Application

    init(_ program: Program) throws {
        let settings = program.settings
        let locks = ScopeLocks()
        let policy = Policy(settings)
        let board = RuleBoard(HouseRules(defaultLimit: policy.rateLimit), loops: program.loops.loops.count)
        let parts = try SharedParts(program, locks: locks, board: board)
        identity = parts.identity
        outbox = parts.outbox
        isProduction = settings[GeneralSettings.environment] == .production
        let others = parts.modules(program, drain)
        realtime = RealtimeModule(program, identity, locks: locks, modules: others)
        modules = others + [realtime]
        let journal = RequestJournal(slowerThan: settings[ServerSettings.slowRequest].duration)
        let address = PublicAddresses(settings).server
        let offered: @Sendable () -> [Operation] = { [modules] in
            modules.operations + RuntimeOperations(journal: journal).operations
        }
        document = { OpenAPI(operations: offered(), version: Version.current, serverURL: address) }
        var services = Application.Services(
            database: program.database, authenticator: identity.authenticator, locks: locks, limiter: RateLimiter(),
            clock: .system, log: program.log, metrics: program.registry, policy: policy,
            ring: program.ring(for: "api"), board: board, blocking: program.blocking, journal: journal)
        services.cache = Caching(parts.cache)
        application = Application(
            operations: offered() + Self.system(program, drain, document, modules.flatMap(\.healthChecks)), services: services,
            loops: program.loops.loops.count)
    }

    private static func system(
        _ program: Program, _ drain: Drain, _ document: @escaping @Sendable () -> OpenAPI,
        _ checks: [HealthCheck]
    ) -> [Operation] {
        let settings = program.settings
        let isShown = settings[ServerSettings.apiDocs] ?? (settings[GeneralSettings.environment] != .production)
        let description = LazyDocument(on: program.blocking) { document().document() }
        let explanation = LazyDocument(on: program.blocking, type: "text/html; charset=utf-8") {
            Array(DocsPage.html(document().problems).utf8)
        }
        let registry = program.registry
        let system = SystemOperations(
            health: Health(
                database: program.database, version: Version.current, drain: drain,
                checks: [.disk(of: settings[GeneralSettings.dataFolder], pool: program.blocking)] + checks),
            document: isShown ? description : nil, explanation: isShown ? explanation : nil,
            metrics: { @Sendable in String(decoding: registry.prometheusText(), as: UTF8.self) },
            metricsToken: settings[ServerSettings.metricsToken])
        let console = ConsolePages(document: description)
        return system.operations + console.operations + (settings[ServerSettings.benchmarkRoutes] ? BenchmarkOperations.operations : [])
    }

    /// Something to look around in; nil in production, or where its product is not offered.
    var demo: CondominiumDemo? {
        guard !isProduction else { return nil }
        return modules.lazy.compactMap { $0 as? CondominiumsModule }.first
            .map { CondominiumDemo($0, identity: identity) }
    }

    /// What hands events to those who react to them.
    func dispatcher(_ program: Program) -> OutboxDispatcher {
        OutboxDispatcher(
            outbox, handlers: modules.flatMap(\.eventHandlers), loop: program.loops.loops[0], log: program.log)
    }

    /// What carries out the jobs of all modules.
    func workers(_ program: Program) -> JobWorkers {
        JobWorkers(
            modules.flatMap(\.jobs), schedules: modules.flatMap(\.schedules), queues: modules.flatMap(\.queues),
            concurrency: program.settings[JobSettings.concurrency], attempts: program.settings[JobSettings.attempts],
            database: program.database, loops: program.loops.loops, log: program.log, metrics: program.registry)
    }
}
