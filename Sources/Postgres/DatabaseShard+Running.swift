extension DatabaseShard {
    /// Runs a group on a leased connection. When the task is cancelled PostgreSQL is asked to give it up, also when it
    /// was cancelled before: what a transaction sends ahead must reach the server in any case.
    func run(_ head: Pending, first: Pending, on connection: PipelineConnection) async throws {
        guard connection.isOpen else { throw DatabaseError.connectionLost(outcomeUnknown: false) }
        counters.groups.bump()
        do {
            try await withTaskCancellationHandler {
                try await head.wait { connection.send(group: first, head: head) }
            } onCancel: {
                self.loop.execute {
                    // Only while this very group runs: the connection may have moved on.
                    if connection.isLeased, head.isUnderWay { connection.cancelRunning(on: self.pool.blocking) }
                }
            }
        } catch let error as DatabaseError where error.state == .queryCanceled && Task.isCancelled {
            throw CancellationError()
        }
        counters.rows.bump(head.rowCount)
    }

    /// Runs the end of a transaction, which is not cut short by cancellation.
    func finish(_ head: Pending, on connection: PipelineConnection) async throws {
        guard connection.isOpen else { throw DatabaseError.connectionLost(outcomeUnknown: false) }
        counters.groups.bump()
        try await head.wait { connection.send(group: head, head: head) }
    }
}
