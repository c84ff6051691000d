import CPostgres
import Runtime

/// Connections for everything that may not share a sync: single writes, several on their way per connection, each a
/// transaction of its own; and leases, a connection for one transaction alone. One line for both, in order of arrival.
/// Confined to its loop.
final class LeasePool: ConnectionOwner, @unchecked Sendable {
    private let loop: EventLoop
    private let depth: Int
    private let set: ConnectionSet
    private let line: WaitingLine
    private let counters: DatabaseCounters
    let blocking: BlockingPool
    private let kept: Int
    private var dispatcher: RoundEnd?
    private var trimming: LoopTimer?
    /// The fewest connections that were idle at once since the last look: so many were not needed.
    private var idleLow = 0

    init(
        loop: EventLoop, settings: DatabaseSettings, size: Int, kept: Int, resolver: Resolver,
        blocking: BlockingPool, counters: DatabaseCounters
    ) {
        self.loop = loop
        self.counters = counters
        self.blocking = blocking
        depth = settings.writeDepth
        self.kept = min(kept, size)
        set = ConnectionSet(
            loop: loop, limit: size, purpose: .lease, settings: settings, resolver: resolver, counters: counters)
        line = WaitingLine(
            loop: loop, limit: settings.lineLimit, patience: settings.waitLimit, counters: counters)
        set.onRetry = { [unowned self] in dispatch() }
        line.reason = { [unowned self] in
            set.hasOpen
                ? .overloaded("no connection became free") : .unavailable(set.lastFailure?.message ?? "no connection")
        }
        dispatcher = RoundEnd { [weak self] in self?.dispatch() }
    }

    // MARK: Size

    func warm(_ count: Int) { set.grow(to: count, owner: self) }

    /// Lets go of connections that nobody has needed for a while.
    private func trim() {
        let idle = set.connections.filter(\.isIdle)
        let surplus = min(idleLow, set.connections.count - kept)
        for connection in idle.suffix(max(0, surplus)) { set.dismiss(connection) }
        idleLow = set.connections.count { $0.isIdle }
        if set.connections.count <= kept {
            trimming?.cancel()
            trimming = nil
        }
    }

    func close() {
        trimming?.cancel()
        set.close()
        for waiting in line.removeAll() { waiting.finish(.unavailable("closed")) }
    }

    // MARK: What is asked for

    /// Runs a group, a transaction of its own, and suspends until it has ended. Cancelling the task takes it out of the
    /// line; what has been sent runs to its end, so that its outcome is known.
    func run(_ head: Pending) async throws {
        try await stand(head)
        if head.isCancelled { throw CancellationError() }
    }

    /// A connection of one's own, to be handed to `giveBack`.
    func lease() async throws -> PipelineConnection {
        let lease = Lease()
        try await stand(lease)
        guard let connection = lease.connection else { throw CancellationError() }
        counters.leased.bump()
        return connection
    }

    private func stand(_ waiting: Waiting) async throws {
        try Task.checkCancellation()
        try await withTaskCancellationHandler {
            try await waiting.wait {
                line.append(waiting)
                dispatch()
            }
        } onCancel: {
            self.loop.execute { self.cancel(waiting) }
        }
    }

    private func cancel(_ waiting: Waiting) {
        guard line.remove(waiting) else { return }
        waiting.isCancelled = true
        waiting.finish()
    }

    /// Takes a leased connection back. One that is still inside a transaction is not used again.
    func giveBack(_ connection: PipelineConnection) {
        counters.leased.bump(-1)
        connection.isLeased = false
        if connection.isOpen, connection.unfinished > 0 || connection.transactionStatus != PQTRANS_IDLE {
            connection.end(.connectionLost(outcomeUnknown: false, "given back inside a transaction"))
        }
        dispatchSoon()
    }

    private func dispatchSoon() {
        if let dispatcher { loop.markDirty(dispatcher) }
    }

    // MARK: Dispatch

    private func dispatch() {
        while let first = line.first {
            let isGranted = first is Lease ? grant(unsafeDowncast(first, to: Lease.self))
                : send(unsafeDowncast(first, to: Pending.self))
            guard isGranted else { break }
        }
        if !line.isEmpty {
            // As many more as there are in line, but not all at once: each costs PostgreSQL a process.
            let wanted = set.connections.count - set.opening + min(line.count, 4)
            set.grow(to: max(wanted, set.connections.count), owner: self)
        }
        line.watch()
        idleLow = min(idleLow, set.connections.count { $0.isIdle })
    }

    private func grant(_ lease: Lease) -> Bool {
        guard let connection = set.connections.first(where: \.isIdle) else { return false }
        _ = line.popFirst()
        connection.isLeased = true
        lease.connection = connection
        lease.finish()
        return true
    }

    private func send(_ head: Pending) -> Bool {
        var best: PipelineConnection?
        for connection in set.connections
        where connection.isOpen && !connection.isLeased && connection.cancelsRunning == 0
            && connection.unfinished < depth && connection.unfinished < best?.unfinished ?? depth {
            best = connection
            if connection.unfinished == 0 { break }
        }
        guard let best else { return false }
        if best.unfinished > 0, set.opening < 2 { set.grow(to: set.connections.count + 1, owner: self) }
        _ = line.popFirst()
        counters.groups.bump()
        best.send(group: head, head: head)
        return true
    }

    // MARK: Answers

    func connection(_ connection: PipelineConnection, finished head: Pending?) {
        if let head { finish(head, on: connection) }
        if !line.isEmpty { dispatchSoon() }
    }

    private func finish(_ head: Pending, on connection: PipelineConnection) {
        if let error = head.error {
            if error.asksForPreparing { connection.forgetStatements() }
            // The server has become a standby: a new connection finds the one that takes writes.
            if error.state == .readOnlyTransaction, !connection.isLeased { connection.failLater() }
            if error.asksForPreparing, !connection.isLeased, head.retries == 0 {
                head.forgetOutcome()
                head.retries += 1
                counters.retries.bump()
                return line.prepend(head)
            }
            counters.note(error)
        }
        head.finish()
    }

    func connectionOpened(_ connection: PipelineConnection) {
        set.opened(connection)
        if trimming == nil, set.connections.count > kept {
            trimming = loop.timer(after: .seconds(60), repeating: .seconds(60)) { [weak self] in self?.trim() }
        }
        dispatchSoon()
    }

    /// Whether a group does nothing but read.
    private func isRead(_ head: Pending) -> Bool {
        sequence(first: head) { $0.next }.allSatisfy { $0.text.isRead && !$0.isCommit }
    }

    func connection(
        _ connection: PipelineConnection, lost error: DatabaseError, statements: [Pending], heads: [Pending]
    ) {
        set.lost(connection, error)
        for head in heads.reversed() {
            let isUnknown = connection.isLeased ? head.isCommit : !isRead(head)
            if !isUnknown, !connection.isLeased, head.retries == 0 {
                head.forgetOutcome()
                head.retries += 1
                counters.retries.bump()
                line.prepend(head)
            } else {
                head.finish(.connectionLost(outcomeUnknown: isUnknown, error.message))
            }
        }
        dispatchSoon()
    }

    func connection(_ connection: PipelineConnection, cancelled isSent: Bool) {
        if !isSent { counters.overloads.bump() }
        dispatchSoon()
    }

    func connection(_ connection: PipelineConnection, answered pending: Pending) {}
}
