import CPostgres
import Runtime

/// A transaction under way. Statements of it are run through it, or simply through the database.
///
/// Confined to its loop. It holds no connection before its first statement.
package final class Transaction: StatementRunner, @unchecked Sendable {
    private enum Phase { case open, committed, rolledBack }

    let database: Database
    /// The transaction, of another database, in which this one was begun.
    let outer: Transaction?
    private let shard: DatabaseShard
    private var phase = Phase.open
    private var connection: PipelineConnection?
    /// Begins and ends of the transaction and its savepoints that go out with the next statement.
    private var ahead: [SQL]
    /// Counts what has been sent, to know whether a savepoint has.
    private var groupsSent = 0
    private var depth = 0
    private var actions: [@Sendable () -> Void] = []
    /// What is to be written at the end, by whom.
    private var collected: [(writer: any LastWriter, values: [any Sendable])] = []
    /// The failure that has spoilt the transaction, or the part of it since the last savepoint.
    private var failure: DatabaseError?
    private var mustRepeat = false
    private var isBusy = false
    private var turns = Queue<UnsafeContinuation<Void, Never>>()

    init(_ database: Database, _ shard: DatabaseShard, _ isolation: Isolation) {
        self.database = database
        self.shard = shard
        outer = Database.transaction
        ahead = [isolation.begin]
    }

    var isOpen: Bool { phase == .open }

    // MARK: Statements

    package func run(_ sql: SQL, _ route: StatementRoute) async throws -> Outcome {
        try await run(group: [sql])[0]
    }

    package func run(group: [SQL]) async throws -> [Outcome] {
        do {
            let own = try shard.group(group)
            guard let head = own.first else { return [] }
            try await send(own, head: head)
            return own.map { Outcome(pending: $0) }
        } catch {
            note(error)
            throw error
        }
    }

    private func send(_ own: [Pending], head: Pending) async throws {
        await takeTurn()
        defer { passTurn() }
        guard phase == .open else { throw DatabaseError("25000", "the transaction has ended") }
        let connection = try await leased()
        // From here to the sending nothing suspends: what goes ahead is not lost on the way.
        try Task.checkCancellation()
        var first = head
        if !ahead.isEmpty {
            let before = try shard.group(ahead)
            ahead.removeAll()
            before.last?.next = head
            first = before[0]
        }
        groupsSent += 1
        shard.counters.queries.bump(own.count)
        do {
            try await shard.run(head, first: first, on: connection)
        } catch let error as CancellationError {
            // The statement was given up: PostgreSQL has failed the transaction, even if only a child task was cancelled.
            note(DatabaseError(.queryCanceled, "a statement was cancelled"))
            throw error
        }
    }

    private func leased() async throws -> PipelineConnection {
        if let connection { return connection }
        let connection = try await shard.pool.lease()
        self.connection = connection
        return connection
    }

    /// Remembers a failure, so that the transaction is not committed even when the caller has swallowed it.
    private func note(_ error: any Error) {
        guard let error = error as? DatabaseError else { return }
        failure = failure ?? error
        if error.isTransient { mustRepeat = true }
    }

    // MARK: Turns

    /// Statements that child tasks of the transaction run at once are sent one after the other.
    private func takeTurn() async {
        if !isBusy {
            isBusy = true
            return
        }
        await withUnsafeContinuation { turns.append($0) }
    }

    private func passTurn() {
        if let next = turns.popFirst() { next.resume() } else { isBusy = false }
    }

    // MARK: Savepoints

    /// Runs `body` between a savepoint and its release; goes back to the savepoint when it throws.
    func nested<T>(_ body: (Transaction) async throws -> T) async throws -> T {
        let (waiting, sent, following, earlier, known) = (ahead.count, groupsSent, actions.count, failure, collected)
        depth += 1
        let savepoint = "level_\(depth)"
        ahead.append("savepoint \(identifier: savepoint)")
        defer { depth -= 1 }
        do {
            let value = try await body(self)
            if let failure { throw failure }
            if groupsSent == sent {
                ahead.removeLast(ahead.count - waiting)
            } else {
                ahead.append("release \(identifier: savepoint)")
            }
            return value
        } catch {
            actions.removeLast(actions.count - following)
            collected = known
            if groupsSent == sent {
                ahead.removeLast(ahead.count - waiting)
                failure = earlier
            } else {
                await returnTo(savepoint)
            }
            throw error
        }
    }

    /// Undoes what came after the savepoint, savepoints within it included. When that fails the transaction stays
    /// spoilt, and its commit reports why.
    private func returnTo(_ savepoint: String) async {
        ahead.removeAll()
        let back: [SQL] = ["rollback to \(identifier: savepoint)", "release \(identifier: savepoint)"]
        guard let connection, let group = try? shard.group(back) else { return }
        do {
            try await shard.finish(group[0], on: connection)
            failure = nil
        } catch {
            note(error)
        }
    }

    // MARK: The end

    /// Calls `action` after the outermost commit.
    package func afterCommit(_ action: @escaping @Sendable () -> Void) { actions.append(action) }

    /// Has a value written by the writer as a part of the last statements before the outermost commit, together with all
    /// others that it is given.
    package func atCommit(_ value: any Sendable, by writer: any LastWriter) {
        if let place = collected.firstIndex(where: { $0.writer === writer }) {
            collected[place].values.append(value)
        } else {
            collected.append((writer, [value]))
        }
    }

    func commit() async throws {
        try Task.checkCancellation()
        if let failure { throw failure }
        for (writer, values) in collected { try await writer.write(values, in: self) }
        if let failure { throw failure }
        if let connection {
            let commit = try shard.pending("commit")
            commit.isCommit = true
            do {
                try await shard.finish(commit, on: connection)
            } catch {
                note(error)
                throw error
            }
            // PostgreSQL answers COMMIT in a failed transaction with ROLLBACK, which is no error to it (manual, COMMIT).
            guard PQcmdStatus(commit.result).map({ String(cString: $0) }) == "COMMIT" else {
                throw DatabaseError("40000", "the transaction had failed and was rolled back")
            }
            giveBack()
        }
        phase = .committed
        shard.counters.transactions.bump()
        for action in actions { action() }
    }

    /// Undoes everything; the connection is free again afterwards, whatever state the transaction was in.
    func rollBack() async {
        phase = .rolledBack
        if let connection, connection.isOpen, connection.transactionStatus != PQTRANS_IDLE,
            let pending = try? shard.pending("rollback") {
            // A failure ends the connection, and giving it back notices.
            try? await shard.finish(pending, on: connection)
        }
        giveBack()
    }

    private func giveBack() {
        guard let connection else { return }
        self.connection = nil
        shard.pool.giveBack(connection)
    }

    /// Whether the failure was one of those after which the same transaction may succeed (40001, 40P01).
    func mayBeRepeated(after error: any Error) -> Bool {
        if error is CancellationError { return false }
        return mustRepeat || (error as? DatabaseError)?.isTransient == true
    }
}
