import CPostgres
import Runtime

/// Reads of many requests on few connections: what has gathered while the connections were busy is sent behind one
/// sync, which costs PostgreSQL and us less than half of a sync each.
///
/// Statements before one sync are one transaction of PostgreSQL, so one that fails takes those after it along: they are
/// sent again, alone, without their callers noticing. Confined to its loop.
final class ReadLane: ConnectionOwner, @unchecked Sendable {
    private let loop: EventLoop
    private let batchLimit: Int
    private let set: ConnectionSet
    private let line: WaitingLine
    private let counters: DatabaseCounters
    /// Cost a neighbour's failure their turn; sent again when their batch has ended.
    private var aborted: [Pending] = []
    private var dispatcher: RoundEnd?

    init(loop: EventLoop, settings: DatabaseSettings, size: Int, resolver: Resolver, counters: DatabaseCounters) {
        self.loop = loop
        self.counters = counters
        batchLimit = settings.batchLimit
        set = ConnectionSet(
            loop: loop, limit: size, purpose: .lane, settings: settings, resolver: resolver, counters: counters)
        line = WaitingLine(
            loop: loop, limit: settings.lineLimit, patience: settings.waitLimit, counters: counters)
        set.onRetry = { [unowned self] in dispatch() }
        line.reason = { [unowned self] in
            set.hasOpen ? .overloaded("reads wait too long") : .unavailable(set.lastFailure?.message ?? "no connection")
        }
        dispatcher = RoundEnd { [weak self] in self?.dispatch() }
    }

    /// Runs one read and suspends until its answer is there.
    func run(_ pending: Pending) async throws {
        counters.queries.bump()
        if set.hasOpen {
            // Answered within the lane's statement timeout, so that cancellation would gain nothing.
            try await pending.wait { submit(pending) }
        } else {
            try await withTaskCancellationHandler {
                try await pending.wait { submit(pending) }
            } onCancel: {
                self.loop.execute { self.cancel(pending) }
            }
        }
        if pending.isCancelled { throw CancellationError() }
        counters.rows.bump(pending.rowCount)
    }

    /// Opens the connections before the first read asks for them.
    func warm() { set.grow(to: set.limit, owner: self) }

    func close() {
        set.close()
        for waiting in line.removeAll() { waiting.finish(.unavailable("closed")) }
    }

    private func submit(_ pending: Pending) {
        line.append(pending)
        dispatchSoon()
    }

    private func cancel(_ pending: Pending) {
        guard line.remove(pending) else { return }
        pending.isCancelled = true
        pending.finish()
    }

    private func dispatchSoon() {
        if let dispatcher { loop.markDirty(dispatcher) }
    }

    // MARK: Dispatch

    /// At the end of a round: every free connection takes its share of what has gathered.
    private func dispatch() {
        guard !line.isEmpty else { return }
        if set.connections.count < set.limit { set.grow(to: set.limit, owner: self) }
        var free = set.connections.count { $0.isIdle }
        for connection in set.connections where free > 0 && connection.isIdle && !line.isEmpty {
            let share = min(batchLimit, (line.count + free - 1) / free)
            free -= 1
            send(share, on: connection)
        }
        line.watch()
    }

    private func send(_ share: Int, on connection: PipelineConnection) {
        var batch: [Pending] = []
        batch.reserveCapacity(share)
        while batch.count < share, let next = line.first {
            let pending = unsafeDowncast(next, to: Pending.self)
            if pending.standsAlone, !batch.isEmpty { break }
            _ = line.popFirst()
            batch.append(pending)
            if pending.standsAlone { break }
        }
        counters.batches.bump()
        connection.send(batch: batch)
    }

    // MARK: Answers

    func connection(_ connection: PipelineConnection, answered pending: Pending) {
        if pending.isAborted {
            aborted.append(pending)
        } else if let error = pending.error {
            if error.asksForPreparing, pending.retries == 0 {
                connection.forgetStatements()
                aborted.append(pending)
            } else {
                counters.note(error)
                pending.finish()
            }
        } else {
            pending.finish()
        }
    }

    func connection(_ connection: PipelineConnection, finished head: Pending?) {
        if !aborted.isEmpty { sendAgain() }
        if !line.isEmpty { dispatchSoon() }
    }

    private func sendAgain() {
        for pending in aborted.reversed() {
            if pending.retries > 2 {
                pending.finish(DatabaseError("40000", "aborted again and again"))
                continue
            }
            pending.forgetOutcome()
            pending.standsAlone = true
            pending.retries += 1
            counters.retries.bump()
            line.prepend(pending)
        }
        aborted.removeAll(keepingCapacity: true)
    }

    func connectionOpened(_ connection: PipelineConnection) {
        set.opened(connection)
        dispatchSoon()
    }

    func connection(
        _ connection: PipelineConnection, lost error: DatabaseError, statements: [Pending], heads: [Pending]
    ) {
        set.lost(connection, error)
        for pending in (aborted + statements).reversed() {
            if pending.retries == 0 {
                pending.forgetOutcome()
                pending.retries += 1
                counters.retries.bump()
                line.prepend(pending)
            } else {
                pending.finish(.connectionLost(outcomeUnknown: false, error.message))
            }
        }
        aborted.removeAll(keepingCapacity: true)
        dispatchSoon()
    }

    func connection(_ connection: PipelineConnection, cancelled isSent: Bool) {}
}
