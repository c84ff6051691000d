import HTTP
import Identity
import Jobs
import Service

/// What the program consists of: the modules, and what is built of them. Nothing is registered anywhere else.
struct Composition: Sendable {
    /// The one table of settings.
    static let settingRows: [any SettingRow] =
        GeneralSettings.rows + ServerSettings.rows + LimitSettings.rows + PostgresSettings.rows + JobSettings.rows
        + SecretSettings.rows + IdentitySettings.rows

    let modules: [any Module]
    let identity: IdentityModule
    let drain = Drain()
    let operations: [Operation]
    let document: OpenAPI
    let application: Application

    init(_ program: Program) throws {
        let settings = program.settings
        let locks = ScopeLocks()
        identity = IdentityModule(
            database: program.database, options: try IdentityOptions(settings, dataKey: program.dataKey), roles: [],
            kinds: [], locks: locks, postman: NoPostman(), loops: program.loops.loops.count, log: program.log)
        modules = [identity]
        let offered = modules.flatMap(\.operations)
        let isShown = settings[ServerSettings.apiDocs] ?? (settings[GeneralSettings.environment] != .production)
        let document = OpenAPI(
            operations: offered, version: Version.current, serverURL: settings[GeneralSettings.publicURL])
        self.document = document
        let bytes = isShown ? document.document() : []
        let registry = program.registry
        let system = SystemOperations(
            health: Health(database: program.database, version: Version.current, drain: drain),
            document: isShown ? { @Sendable in bytes } : nil,
            metrics: { @Sendable in String(decoding: registry.prometheusText(), as: UTF8.self) },
            metricsToken: settings[ServerSettings.metricsToken])
        let benchmark = settings[ServerSettings.benchmarkRoutes] ? BenchmarkOperations.operations : []
        operations = offered + system.operations + benchmark
        application = Application(
            operations: operations,
            services: Application.Services(
                database: program.database, authenticator: identity.authenticator, locks: locks, limiter: RateLimiter(),
                clock: .system, log: program.log, metrics: registry, policy: try Policy(settings)),
            loops: program.loops.loops.count)
    }

    /// What carries out the jobs of all modules.
    func workers(_ program: Program) -> JobWorkers {
        JobWorkers(
            modules.flatMap(\.jobs), schedules: modules.flatMap(\.schedules),
            concurrency: program.settings[JobSettings.concurrency], database: program.database,
            loops: program.loops.loops, log: program.log, metrics: program.registry)
    }
}
