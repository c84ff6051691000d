import Glibc
import Postgres
import Runtime
import Telemetry

/// What ends a process: SIGTERM and SIGINT, of which the first asks for a graceful stop and the second ends it at once;
/// or a private database that has ended and cannot be started again. Confined to the first loop.
final class StopSignals: @unchecked Sendable {
    enum Reason: Sendable {
        case signal
        case databaseGone
        /// Another process accepts in our place.
        case replaced
    }

    private let arrived = Waiter<Reason>()
    private var watch: LoopTimer?
    /// The private database is being started again.
    private var isStarting = false
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
        watch = loop.timer(after: .seconds(1), repeating: .seconds(1)) { [self] in
            if isStarting || cluster.isRunning { return }
            isStarting = true
            loop.spawn { [self] in await startAgain(cluster, program) }
        }
    }

    /// A private database that has ended by itself, killed for want of memory perhaps. Until it runs again requests are
    /// answered 503 or wait, as with any database that is restarted.
    private func startAgain(_ cluster: PrivateCluster, _ program: Program) async {
        program.log.error("the private database has ended by itself; it is started again")
        for attempt in 1...Self.attempts {
            do {
                try await cluster.startAgain(blocking: program.blocking)
                program.log.info("the private database runs again")
                isStarting = false
                return
            } catch {
                program.log.error(
                    "the private database does not start again", ["error": .error(error), "attempt": .integer(Int64(attempt))])
            }
            // The backends of one that was killed hold its memory until they notice, and no other starts before. A pause that
            // is cancelled ends with the program.
            if attempt < Self.attempts, (try? await program.loops.loops[0].sleep(for: .seconds(1))) == nil { break }
        }
        arrived.resume(returning: .databaseGone)
    }

    private static let attempts = 20

    /// The successor is there. Called on the first loop.
    func replaced() { arrived.resume(returning: .replaced) }

    func first() async throws -> Reason {
        let reason = try await arrived.value()
        watch?.cancel()
        return reason
    }
}
