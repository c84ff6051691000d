import Glibc
import Postgres
import Runtime

/// What ends a process: SIGTERM and SIGINT, of which the first asks for a graceful stop and the second ends it at once;
/// or the end of the private database, without which there is nothing to serve. Confined to the first loop.
final class StopSignals: @unchecked Sendable {
    enum Reason: Sendable {
        case signal
        case databaseGone
        /// Another process accepts in our place.
        case replaced
    }

    private let arrived = Waiter<Reason>()
    private var watch: LoopTimer?
    private var count = 0

    /// Called on the first loop.
    init(_ program: Program) throws {
        let cluster = program.cluster
        let loop = program.loops.loops[0]
        try Signals.listen([SIGTERM, SIGINT], on: loop) { [self] _ in
            count += 1
            if count == 1 {
                arrived.resume(returning: .signal)
                return
            }
            // A database of our own is told to end without us; PostgreSQL loses nothing by it.
            cluster?.kill(signal: SIGINT)
            _exit(130)
        }
        guard let cluster else { return }
        watch = loop.timer(after: .seconds(1), repeating: .seconds(1)) { [arrived] in
            if kill(cluster.processID, 0) != 0 { arrived.resume(returning: .databaseGone) }
        }
    }

    /// The successor is there. Called on the first loop.
    func replaced() { arrived.resume(returning: .replaced) }

    func first() async throws -> Reason {
        let reason = try await arrived.value()
        watch?.cancel()
        return reason
    }
}
