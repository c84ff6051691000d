import Glibc
import Postgres
import Runtime
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
        let loops = loops(settings, cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        try CannotListen.check(SocketAddress(settings), unless: Succession.path(settings))
        return try Program.run(settings, loops: loops) { try await Serving($0).run() }
    }

    /// How many loops to serve with. Each has connections of its own, and all of them keep within DB_POOL_MAX.
    static func loops(_ settings: Settings, cores: Int) -> Int {
        let wanted = settings[ServerSettings.loops]
        if wanted > 0 { return wanted }
        return max(1, min(cores, DatabaseSettings.loops(connections: settings[PostgresSettings.poolMax])))
    }
}
