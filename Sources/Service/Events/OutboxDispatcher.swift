import Postgres
import Runtime
import Telemetry

/// Hands events to their handlers as soon as the transaction that left them has committed: woken by a notification, and
/// every second in case one was lost. Every instance runs one; while one hands over, the others leave it to it.
package final class OutboxDispatcher: @unchecked Sendable {
    private let outbox: Outbox
    private let handlers: [EventHandler]
    private let loop: EventLoop
    private let log: Log
    private var subscription: Subscription?
    private var timers: [LoopTimer] = []
    private var isRunning = false
    private var isWanted = false

    package init(_ outbox: Outbox, handlers: [EventHandler], loop: EventLoop, log: Log) {
        self.outbox = outbox
        self.handlers = handlers
        self.loop = loop
        self.log = log
    }

    /// Called on the loop.
    package func start(listeningOn database: Database) {
        subscription = database.listen(OutboxQueries.channel) { [weak self] _ in
            guard let self else { return }
            self.loop.execute { self.wake() }
        }
        timers = [
            loop.timer(after: .seconds(1), repeating: .seconds(1)) { [weak self] in self?.wake() },
            loop.timer(after: .seconds(1), repeating: .seconds(15)) { [weak self] in self?.count() },
        ]
    }

    /// Called on the loop. What is being handed over is finished.
    package func stop() {
        subscription?.cancel()
        timers.forEach { $0.cancel() }
    }

    private func count() {
        loop.spawn { [self] in
            // Without the database the figures stay what they were.
            try? await outbox.count(for: handlers)
        }
    }

    private func wake() {
        isWanted = true
        guard !isRunning else { return }
        isRunning = true
        loop.spawn { await self.run() }
    }

    private func run() async {
        defer { isRunning = false }
        while isWanted {
            isWanted = false
            do {
                // A full batch means that there may be more.
                if try await outbox.dispatch(to: handlers) == Outbox.batch { isWanted = true }
            } catch {
                log.warning("events could not be handed over", ["cause": .error(error)])
                return
            }
        }
    }
}
