import Glibc
import Service

/// `atrium work`: workers without a server.
struct Work: Command {
    static let name = "work"
    static let summary = "carry out jobs, without serving"
    static let explanation = """
        Takes jobs from the queues of the database and carries them out, beside servers and other workers. Any number may
        run. SIGTERM or SIGINT lets the jobs under way finish and gives the rest back, a second one ends at once.
        """

    static func run(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect()
        return try Program.run(try SettingsSource.read(arguments)) { program in
            let stop = try StopSignals(program)
            let composition = try Composition(program)
            try await SchemaCheck.run(program)
            await ConnectionBudget.check(program)
            for module in composition.modules { try await module.start() }
            let workers = composition.workers(program)
            workers.start()
            let dispatcher = composition.dispatcher(program)
            dispatcher.start(listeningOn: program.database)
            program.watchStalls()
            program.log.info("working")
            _ = try await stop.first()
            dispatcher.stop()
            await workers.stop(grace: .seconds(30))
            program.log.info("stopped")
            return ExitCode.success
        }
    }
}
