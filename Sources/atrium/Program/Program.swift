import Glibc
import HTTP
import Postgres
import Runtime
import Service
import Synchronization
import Telemetry

/// What every command that works on data has under its feet: loops, a pool for what blocks, a log, the database.
struct Program: Sendable {
    let settings: Settings
    let loops: LoopGroup
    let blocking: BlockingPool
    let log: Log
    let registry: MetricRegistry
    let database: Database
    /// For what is asked of other services.
    let client: HTTPClient
    /// For storages of files, which hold a connection for as long as a client takes.
    let storageClient: HTTPClient
    let resolver: Resolver
    /// For services that speak something else than HTTP.
    let streams: StreamClient
    let dataKey: [UInt8]
    /// The database's server, when this process keeps it.
    let cluster: PrivateCluster?

    /// Starts what is needed, runs `body` on the first loop and takes everything down again, while the main thread waits.
    ///
    /// - Returns: the exit status that `body` gives.
    static func run(
        _ settings: Settings, loops count: Int = 1, _ body: @escaping @Sendable (Program) async throws -> Int32
    ) throws -> Int32 {
        OpenFiles.raiseLimit()
        let loops = try LoopGroup(count: count)
        let output = LogOutput(settings, loops: count)
        // Connections that are closing refer to it: it lives until the loops have ended.
        let kept = Mutex<Program?>(nil)
        loops.start()
        defer {
            loops.stopAndJoin()
            kept.withLock { $0 = nil }
            output.close()
        }
        return try MainThread.wait(on: loops.loops[0]) {
            let program = try await start(settings, loops, Log(output))
            kept.withLock { $0 = program }
            do {
                let status = try await body(program)
                await program.stop()
                return status
            } catch {
                await program.stop()
                throw error
            }
        }
    }

    /// From the loops' next rounds on, says of each when it stands still. Called once somebody is served: what a start or a
    /// command does on a loop holds nobody up.
    func watchStalls() {
        for loop in loops.loops {
            loop.execute { [log] in
                // The round under way may be one of the start.
                loop.timer(after: .zero) {
                    loop.onStall = { nanoseconds in
                        log.warning(
                            "an event loop stood still",
                            ["loop": LogValue(loop.index), "milliseconds": LogValue(Int(nanoseconds / 1_000_000))])
                    }
                }
            }
        }
    }

    /// The program with nothing started, for commands that only look at what it declares.
    static func atRest(_ settings: Settings) throws -> Program {
        let loops = try LoopGroup(count: 1)
        return try Program(settings, loops, .silent, BlockingPool("none", width: 1, limit: 1), cluster: nil, url: "",
            dataKey: [UInt8](repeating: 0, count: 32))
    }

    private init(
        _ settings: Settings, _ loops: LoopGroup, _ log: Log, _ blocking: BlockingPool, cluster: PrivateCluster?,
        url: String, dataKey: [UInt8]
    ) throws {
        self.dataKey = dataKey
        self.settings = settings
        self.loops = loops
        self.log = log
        self.blocking = blocking
        self.cluster = cluster
        registry = MetricRegistry(loops: loops.loops.count)
        resolver = Resolver(pool: blocking)
        let tls = try ClientTLS(pool: blocking)
        client = try HTTPClient(loops: loops, resolver: resolver, tls: tls)
        var storage = ClientSettings()
        storage.connectionsPerHost = 128
        storageClient = try HTTPClient(loops: loops, resolver: resolver, settings: storage, tls: tls)
        streams = StreamClient(resolver: resolver, tls: tls)
        database = Database(try DatabaseSettings(settings, url: url), loops: loops.loops, blocking: blocking)
    }

    private static func start(_ settings: Settings, _ loops: LoopGroup, _ log: Log) async throws -> Program {
        let blocking = BlockingPool("blocking", width: 4, limit: 1024)
        let dataKey = try DataKey.resolve(settings)
        if let url = settings[PostgresSettings.url] {
            return try Program(settings, loops, log, blocking, cluster: nil, url: url, dataKey: dataKey)
        }
        var options = ClusterOptions(folder: settings[GeneralSettings.dataFolder])
        // Besides the server: commands given while it runs, and sessions kept for the superuser.
        options.maximumConnections = max(options.maximumConnections, settings[PostgresSettings.poolMax] + 20)
        // A command given while the server runs: its database is there already.
        if let url = try PrivateCluster.keptByAnother(options) {
            return try Program(settings, loops, log, blocking, cluster: nil, url: url, dataKey: dataKey)
        }
        let cluster = try await PrivateCluster.start(options, blocking: blocking)
        return try Program(
            settings, loops, log, blocking, cluster: cluster, url: cluster.connectionString, dataKey: dataKey)
    }

    private func stop() async {
        database.close()
        await cluster?.stop()
    }
}
