import Glibc
import HTTP
import Postgres
import Runtime
import Service
import Telemetry

/// The life of a server process: prepared, listening, draining, ended.
struct Serving: Sendable {
    private let program: Program
    private let composition: Composition
    private let server: HTTPServer

    init(_ program: Program) throws {
        self.program = program
        composition = try Composition(program)
        server = HTTPServer(
            loops: program.loops, limits: ServerLimits(program.settings), responder: composition.application)
    }

    func run() async throws -> Int32 {
        let stop = try StopSignals(program)
        let isFirstStart = try await SchemaCheck.run(program)
        await ConnectionBudget.check(program)
        for module in composition.modules { try await module.start() }
        // A database of our own that is new gets something to look around in.
        if isFirstStart, program.cluster != nil, let demo = composition.demo { _ = try await demo.load() }
        Gauges.register(program, server, composition)
        program.database.warm()
        let succession = Succession(program, server)
        try succession.begin(on: SocketAddress(program.settings)) { stop.replaced() }
        program.watchStalls()
        let workers = program.settings[JobSettings.workers] ? composition.workers(program) : nil
        workers?.start()
        let dispatcher = composition.dispatcher(program)
        if workers != nil { dispatcher.start(listeningOn: program.database) }
        try await Greeting.print(program, server, composition)
        try await program.blocking.run { Footprint.settle() }
        let reason = try await stop.first()
        if reason != .replaced { succession.end() }
        try await drain(pausing: reason == .signal)
        dispatcher.stop()
        await workers?.stop(grace: reason == .databaseGone ? .seconds(1) : .seconds(30))
        program.log.info("stopped")
        return reason == .databaseGone ? ExitCode.failure : ExitCode.success
    }

    /// 0-platform 4.13: readiness goes first, so that a balancer turns away before connections are refused.
    private func drain(pausing: Bool) async throws {
        program.log.info("stopping")
        composition.drain.begin()
        let settings = program.settings
        let isProduction = settings[GeneralSettings.environment] == .production
        let pause = settings[ServerSettings.drainSeconds]?.duration ?? (isProduction ? .seconds(5) : .zero)
        if pausing, pause > .zero, let loop = EventLoop.current { try await loop.sleep(for: pause) }
        await server.stopListening()
        await composition.realtime.stop()
        await server.drain(grace: .seconds(30))
    }
}
