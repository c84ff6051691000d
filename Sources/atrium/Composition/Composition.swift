import HTTP
import Postgres
import Runtime
import Service
import Telemetry
import Values

/// What the program consists of: the modules, and what is built of them. Nothing is registered anywhere else.
struct Composition: Sendable {
    /// The one table of settings.
    static let settingRows: [any SettingRow] =
        GeneralSettings.rows + ServerSettings.rows + LimitSettings.rows + PostgresSettings.rows + JobSettings.rows

    let modules: [any Module]
    let drain = Drain()
    let operations: [Operation]
    let document: OpenAPI
    let application: Application

    init(_ program: Program) throws {
        let settings = program.settings
        modules = []
        let locks = ScopeLocks()
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
                database: program.database, authenticator: Nobody(), locks: locks, limiter: RateLimiter(),
                clock: .system, log: program.log, metrics: registry, policy: try Policy(settings)),
            loops: program.loops.loops.count)
    }
}

/// Knows no token.
private struct Nobody: Authenticator {
    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }
    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? { nil }
}
