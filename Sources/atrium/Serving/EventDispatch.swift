import Postgres
import Runtime
import Service
import Telemetry

/// Hands events of the outbox to the modules that listen: when a commit wakes it, and once a second should a
/// notification be missed. One round at a time. Confined to the first loop.
final class EventDispatch: @unchecked Sendable {
    private static let channel = "atrium_outbox"
    private let outbox: Outbox
    private let handlers: [EventHandler]
    private let log: Log
    private let loop: EventLoop
    private var subscription: Subscription?
    private var timer: LoopTimer?
    private var isRunning = false
    private var isWanted = false

    init(_ outbox: Outbox, handlers: [EventHandler], program: Program) {
        self.outbox = outbox
        self.handlers = handlers
        log = program.log
        loop = program.loops.loops[0]
    }

    /// Called on the first loop.
    func start(_ database: Database) {
        subscription = database.listen(Self.channel, lost: { [self] in wake() }) { [self] _ in wake() }
        timer = loop.timer(after: .seconds(1), repeating: .seconds(1)) { [self] in wake() }
        wake()
    }

    func stop() {
        subscription?.cancel()
        timer?.cancel()
    }

    private func wake() {
        isWanted = true
        if isRunning { return }
        isRunning = true
        loop.spawn { [self] in
            while isWanted {
                isWanted = false
                do {
                    if try await outbox.dispatch(to: handlers) > 0 { isWanted = true }
                } catch {
                    log.warning("events could not be dispatched", ["error": .text("\(error)")])
                }
            }
            isRunning = false
        }
    }
}
