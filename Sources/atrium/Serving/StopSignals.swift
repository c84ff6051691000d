import Glibc
import Runtime

/// SIGTERM and SIGINT: the first asks for a graceful stop, the second ends the process at once.
struct StopSignals: Sendable {
    private let arrived = Waiter<Void>()

    /// Called on the first loop.
    init(_ program: Program) throws {
        let cluster = program.cluster
        let arrived = arrived
        var count = 0
        try Signals.listen([SIGTERM, SIGINT], on: program.loops.loops[0]) { _ in
            count += 1
            if count == 1 {
                arrived.resume(returning: ())
                return
            }
            // A database of our own is told to end without us; PostgreSQL loses nothing by it.
            cluster?.kill(signal: SIGINT)
            _exit(130)
        }
    }

    func first() async throws { try await arrived.value() }
}
