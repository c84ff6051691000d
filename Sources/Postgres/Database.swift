import Runtime

/// PostgreSQL, as the program sees it.
///
/// `all`, `first`, `one`, `execute` and `write` (see `StatementRunner`) may be called from any task of the program's
/// loops; each loop has connections of its own. Inside `transaction { … }` they run in that transaction, wherever in
/// the call tree they are.
package final class Database: StatementRunner {
    /// The transaction that the current task is in.
    @TaskLocal static var transaction: Transaction?

    package let settings: DatabaseSettings
    let blocking: BlockingPool
    let resolver: Resolver
    let shards: [DatabaseShard]
    private let listener: Listener

    /// - Parameters:
    ///   - loops: those that will use it. Nothing is opened before the first statement or `warm`.
    ///   - blocking: where PQcancel and look-ups of names run.
    package init(_ settings: DatabaseSettings, loops: [EventLoop], blocking: BlockingPool) {
        precondition(!loops.isEmpty)
        self.settings = settings
        self.blocking = blocking
        let resolver = Resolver(pool: blocking)
        self.resolver = resolver
        let share = settings.share(loops: loops.count)
        let kept = settings.kept(loops: loops.count)
        shards = loops.enumerated().map {
            DatabaseShard(
                number: $0, loop: $1, settings: settings, share: share, kept: kept, resolver: resolver, blocking: blocking)
        }
        listener = Listener(home: loops[0], settings: settings.connection, resolver: resolver)
    }

    // MARK: Statements

    package func run(_ sql: SQL, _ route: StatementRoute) async throws -> Outcome {
        if let transaction = joined { return try await transaction.run(sql, route) }
        guard let shard else { return try await onLoop { try await self.run(sql, route) } }
        let pending = try shard.pending(sql)
        switch pending.text.isRead ? route : .change {
        case .automatic: try await shard.lane.run(pending)
        case .change:
            // Whatever its words: when the connection breaks, nobody knows whether it took place.
            pending.isCommit = true
            try await runWrite(pending, shard)
        case .report: try await runReport(pending, shard)
        }
        return Outcome(pending: pending)
    }

    package func run(group: [SQL]) async throws -> [Outcome] {
        if let transaction = joined { return try await transaction.run(group: group) }
        guard let shard else { return try await onLoop { try await self.run(group: group) } }
        let pendings = try shard.group(group)
        guard let head = pendings.first else { return [] }
        try await runWrite(head, shard)
        return pendings.map { Outcome(pending: $0) }
    }

    /// A group is a transaction that PostgreSQL has rolled back as a whole when it fails, so it may be run again after
    /// a deadlock or a failure to serialise.
    private func runWrite(_ head: Pending, _ shard: DatabaseShard) async throws {
        var attempt = 0
        while true {
            do {
                shard.counters.queries.bump()
                return try await shard.pool.run(head)
            } catch let error as DatabaseError where error.isTransient && attempt < settings.transactionRetries {
                try await pause(before: attempt, shard)
                head.forgetOutcome()
                attempt += 1
            }
        }
    }

    /// A long read has a connection to itself while it runs, and is cancelled with its task.
    private func runReport(_ pending: Pending, _ shard: DatabaseShard) async throws {
        shard.counters.queries.bump()
        let connection = try await shard.pool.lease()
        defer { shard.pool.giveBack(connection) }
        try await shard.run(pending, first: pending, on: connection)
    }

    func pause(before attempt: Int, _ shard: DatabaseShard) async throws {
        shard.counters.retries.bump()
        let longest: Int64 = 10_000_000 << Int64(attempt)
        try await shard.loop.sleep(for: .nanoseconds(Int64.random(in: longest / 4...longest)))
    }

    // MARK: Transactions

    /// Runs `body` in a transaction and commits; rolls back when it throws.
    ///
    /// The connection is taken at the first statement, which carries BEGIN along. Inside another transaction of this
    /// database it is a savepoint of that one. After a serialisation failure or a deadlock the outermost `body` is run
    /// again, up to three times; so what it does besides statements must bear repetition, or wait for `afterCommit`.
    @discardableResult
    package func transaction<T>(
        _ isolation: Isolation = .readCommitted, _ body: (Transaction) async throws -> T
    ) async throws -> T {
        if let transaction = joined { return try await transaction.nested(body) }
        guard let shard else {
            preconditionFailure("a transaction is begun on one of the database's loops")
        }
        var attempt = 0
        while true {
            let transaction = Transaction(self, shard, isolation)
            do {
                let value = try await Database.$transaction.withValue(transaction) { try await body(transaction) }
                try await transaction.commit()
                return value
            } catch {
                await transaction.rollBack()
                guard transaction.mayBeRepeated(after: error), attempt < settings.transactionRetries else { throw error }
                try await pause(before: attempt, shard)
                attempt += 1
            }
        }
    }

    /// Runs `action` when the transaction that the task is in has been committed; at once when there is none. What is
    /// rolled back is not followed by its actions.
    package func afterCommit(_ action: @escaping @Sendable () -> Void) {
        if let transaction = joined { transaction.afterCommit(action) } else { action() }
    }

    /// Has a value written as a part of the last statements of the transaction that the task is in; in one of its own when
    /// there is none.
    package func atCommit(_ value: any Sendable, by writer: any LastWriter) async throws {
        if let transaction = joined { return transaction.atCommit(value, by: writer) }
        try await transaction { $0.atCommit(value, by: writer) }
    }

    /// Whether the current task is in a transaction of this database.
    package var isInTransaction: Bool { joined != nil }

    /// The innermost open transaction of this database; those of other databases may lie around or inside it.
    private var joined: Transaction? {
        var candidate = Database.transaction
        while let transaction = candidate {
            if transaction.database === self, transaction.isOpen { return transaction }
            candidate = transaction.outer
        }
        return nil
    }

    // MARK: Where

    /// The part of the loop that the caller runs on; nil on none.
    var shard: DatabaseShard? {
        guard let loop = EventLoop.current, loop.index < shards.count else { return nil }
        let shard = shards[loop.index]
        return shard.loop === loop ? shard : shards.first { $0.loop === loop }
    }

    /// Runs `body` on the first loop: for callers that are on none (commands, tests).
    func onLoop<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        // A task of its own: `withTaskExecutorPreference` does not move what already runs.
        let task = Task(executorPreference: shards[0].loop) { try await body() }
        return try await withTaskCancellationHandler { try await task.value } onCancel: { task.cancel() }
    }
}

// MARK: Beside statements

extension Database {
    /// Calls `received` with the payload of every notification on a channel, on the database's first loop, until the
    /// subscription is cancelled. `lost` is called after the connection has been away, when notifications may have been
    /// missed: what depends on them has to be read anew. `hears` is told when notifications begin to arrive, and when
    /// they cease to, so that a cache can do without memory in between.
    @discardableResult
    package func listen(
        _ channel: String, lost: @escaping @Sendable () -> Void = {},
        hears: @escaping @Sendable (Bool) -> Void = { _ in }, _ received: @escaping @Sendable (String) -> Void
    ) -> Subscription {
        listener.subscribe(channel, lost: lost, hears: hears, received)
    }

    /// Opens connections ahead of the first request: the read lanes, and `writers` per loop.
    package func warm(writers: Int = 1) {
        for shard in shards {
            shard.loop.execute {
                shard.lane.warm()
                shard.pool.warm(writers)
            }
        }
    }

    /// Ends all connections; what is under way fails. To be called when nothing uses the database any more.
    package func close() {
        listener.close()
        for shard in shards {
            shard.loop.execute {
                shard.lane.close()
                shard.pool.close()
            }
        }
    }

    /// Runs a script of the program's own, for commands and tests: `create database`, `vacuum`. Never anything that
    /// holds input. Answers the last result's rows as text.
    @discardableResult
    package func administer(_ script: String) async throws -> [[String?]] {
        try await onLoop { [self] in
            let connection = try await plainConnection()
            defer { connection.close() }
            return try await connection.run(script).rows
        }
    }

    package var metrics: DatabaseMetrics {
        var metrics = DatabaseMetrics()
        for shard in shards { metrics.add(shard.counters) }
        return metrics
    }
}
