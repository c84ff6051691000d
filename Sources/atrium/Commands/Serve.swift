import Glibc
import Postgres
import Service

/// `atrium serve`: the server, and the workers unless they are left to `atrium work`.
struct Serve: Command {
    static let name = "serve"
    static let summary = "start the server"
    static let explanation = """
        Listens on HOST:PORT (127.0.0.1:3000). Without DATABASE_URL it keeps a private PostgreSQL cluster under DATA_DIR
        (.data), started and stopped with it, and loads a demo at the first start. Every setting is explained in
        config/atrium.env.example; `atrium check` reads yours.

        SIGTERM or SIGINT stops it gracefully, a second one at once.
        """

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect()
        let settings = try SettingsSource.read(arguments)
        let loops = try loops(settings, cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return try Program.run(settings, loops: loops) { try await Serving($0).run() }
    }

    /// How many loops to serve with. Each has connections of its own, and all of them keep within DB_POOL_MAX.
    static func loops(_ settings: Settings, cores: Int) throws -> Int {
        let wanted = settings[ServerSettings.loops], connections = settings[PostgresSettings.poolMax]
        guard wanted > 0 else { return max(1, min(cores, DatabaseSettings.loops(connections: connections))) }
        guard wanted <= DatabaseSettings.loops(connections: connections) else {
            throw TooFewConnections(loops: wanted, connections: connections)
        }
        return wanted
    }
}

/// LOOPS asks for more loops than DB_POOL_MAX has connections for.
struct TooFewConnections: Error, CustomStringConvertible {
    let loops: Int
    let connections: Int

    var description: String {
        "LOOPS is \(loops), for which DB_POOL_MAX has to be at least \(2 * loops + 1); it is \(connections)"
    }
}
