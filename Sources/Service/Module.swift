import Jobs
import Postgres

/// One module of the shared or product floors: what it adds to the program, as values. `Composition.swift` lists the
/// modules; nothing is registered anywhere else.
package protocol Module: Sendable {
    /// Lower case; the prefix of its settings, metrics and jobs.
    var name: String { get }
    var operations: [Operation] { get }
    var roles: [Role] { get }
    /// The queues of its own that are not to have the default: each is declared by one module.
    var queues: [Queue] { get }
    var jobs: [JobType] { get }
    var schedules: [Schedule] { get }
    /// What the module does when something has happened elsewhere.
    var eventHandlers: [EventHandler] { get }
    /// What the gates answer that the module closes on its scopes. In any module, whoever acts by a right that comes from
    /// such a scope may meet them.
    var gates: [any ProblemKind] { get }
    /// What it counts by day, for analytics.
    var figures: [Figure] { get }
    /// What it shows on dashboards.
    var sections: [DashboardSection] { get }
    /// Tables that staff can have made.
    var reports: [ReportKind] { get }
    /// Rooms whose events sockets may hear.
    var rooms: [RoomKind] { get }
    /// What it keeps of people.
    var personalData: [PersonalData] { get }
    /// What `/health` looks at besides the database and the queues.
    var healthChecks: [HealthCheck] { get }
    /// What clients of Socket.IO may say to it.
    var clientEvents: [ClientEvent] { get }
    /// Specimens of every statement, for the test that prepares each against a migrated database.
    static var statements: [StatementSample] { get }
    /// Called once on the first loop before the server listens: caches to fill, listeners to attach.
    func start() async throws
}

extension Module {
    package var roles: [Role] { [] }
    package var queues: [Queue] { [] }
    package var jobs: [JobType] { [] }
    package var schedules: [Schedule] { [] }
    package var eventHandlers: [EventHandler] { [] }
    package var gates: [any ProblemKind] { [] }
    package var figures: [Figure] { [] }
    package var sections: [DashboardSection] { [] }
    package var reports: [ReportKind] { [] }
    package var rooms: [RoomKind] { [] }
    package var healthChecks: [HealthCheck] { [] }
    package var clientEvents: [ClientEvent] { [] }
    package var personalData: [PersonalData] { [] }
    package func start() async throws {}
}

extension [any Module] {
    /// The operations of all, each with the gates that it may meet, whichever module closes them.
    package var operations: [Operation] {
        let gates = flatMap(\.gates)
        return flatMap(\.operations).map { $0.meetsGates ? $0.refusing(gates) : $0 }
    }
}
