import Postgres
import Values

/// The door for those who look after the queues: what is in them, and what operators do with it.
///
///     try await queues.pause("payments", by: user)
///
/// Whatever it changes is done by single statements, so that it may be part of a transaction of the caller's.
package struct Queues: Sendable {
    /// Jobs that one call cleans away, tries again or removes, at most.
    package static let batch = 1000

    let database: Database
    let clock: JobClock

    package init(database: Database, clock: JobClock = .database) {
        self.database = database
        self.clock = clock
    }

    // MARK: Looking

    /// Every queue that has been declared, by name.
    package func stats() async throws -> [QueueStats] {
        try await database.all(ManagementQueries.stats(nil))
    }

    /// Nil when there is no such queue.
    package func stats(of queue: String) async throws -> QueueStats? {
        try await database.first(ManagementQueries.stats(queue))
    }

    /// The signs by which the queues' health is judged, by name.
    package func signs() async throws -> [QueueSigns] {
        try await database.all(ManagementQueries.signs(now: clock.now))
    }

    /// How many jobs came to which end, minute by minute, of all queues or one; minutes without any are left out.
    package func throughput(of queue: String?, minutes: Int) async throws -> [QueueMinute] {
        try await database.all(ManagementQueries.throughput(of: queue, minutes: minutes, now: clock.now))
    }

    /// - Parameter locked: for the rest of the transaction.
    package func job(_ id: ID<Job>, in queue: String, locked: Bool = false) async throws -> JobRecord? {
        try await database.first(locked ? ManagementQueries.locked(id, in: queue) : ManagementQueries.job(id, in: queue))
    }

    package func exists(_ queue: String) async throws -> Bool {
        try await database.one(ManagementQueries.exists(queue))
    }

    /// The instant that the queues go by.
    package func now() async throws -> Instant {
        try await database.one(ScheduleQueries.present(clock.now))
    }

    /// Jobs that were added, begun or ended after an instant, in that order, the first of them when they are too many.
    package func changes(since instant: Instant, limit: Int) async throws -> [JobChange] {
        try await database.all(ManagementQueries.changes(since: instant, limit: limit))
    }

    /// Writes down how queues are.
    ///
    /// - Returns: how they were when that was last done, of those of which it had been.
    package func record(health: [(queue: String, status: String, message: String)]) async throws -> [String: String] {
        let before = try await database.all(
            ManagementQueries.record(health.map(\.queue), health.map(\.status), health.map(\.message), now: clock.now))
        return Dictionary(uniqueKeysWithValues: before.compactMap { row in row.status.map { (row.queue, $0) } })
    }

    /// A stretch of a queue's jobs; see `JobSelection`.
    ///
    /// - Parameter after: the last of the stretch before.
    package func jobs(_ selection: JobSelection, after: ID<Job>?, limit: Int) async throws -> [JobRecord] {
        try await bounded(selection) { try await database.all(ManagementQueries.list(selection, after: after, limit: limit)) }
    }

    /// How many there are, counted up to a batch.
    package func count(_ selection: JobSelection) async throws -> Int {
        try await bounded(selection) {
            try await database.one(ManagementQueries.count(selection, limit: Self.batch, now: clock.now))
        }
    }

    // MARK: Acting

    /// No instance takes a job of it any more; those under way end as they do.
    ///
    /// - Returns: false when there is no such queue.
    package func pause(_ queue: String, by user: UUID?) async throws -> Bool {
        try await database.execute(ManagementQueries.pause(queue, by: user)) == 1
    }

    /// - Returns: false when there is no such queue.
    package func resume(_ queue: String) async throws -> Bool {
        try await database.first(ManagementQueries.resume(queue)) != nil
    }

    /// Makes a failed job wait again, its attempts counted from 0.
    ///
    /// - Returns: false when it is not failed, or an unfinished job has its key.
    package func retry(_ id: ID<Job>, in queue: String) async throws -> Bool {
        try await retry(ManagementQueries.retry([id], in: queue, now: clock.now)) == 1
    }

    /// Makes the failed jobs of a selection wait again, the oldest first and no more than `limit`; those whose key an
    /// unfinished job has are left.
    package func retry(_ selection: JobSelection, limit: Int) async throws -> Int {
        try await bounded(selection) {
            let ids = try await database.all(ManagementQueries.chosen(selection, limit: limit, now: clock.now))
            return try await retry(ManagementQueries.retry(ids, in: selection.queue, now: clock.now))
        }
    }

    private func retry(_ statement: Statement<Bool>) async throws -> Int { try await database.all(statement).count }

    /// Removes a job that is not under way.
    ///
    /// - Returns: false when it is under way, or not there.
    package func remove(_ id: ID<Job>, in queue: String) async throws -> Bool {
        try await database.execute(ManagementQueries.remove([id], in: queue)) == 1
    }

    /// Removes jobs of a selection, the oldest first and no more than `limit`.
    package func clean(_ selection: JobSelection, limit: Int) async throws -> Int {
        try await bounded(selection) {
            let ids = try await database.all(ManagementQueries.chosen(selection, limit: limit, now: clock.now))
            return try await database.execute(ManagementQueries.remove(ids, in: selection.queue))
        }
    }

    // MARK: Bounds

    /// Looking into the data of jobs has no index: it gets two seconds of the database and no more.
    private func bounded<T>(_ selection: JobSelection, _ body: () async throws -> T) async throws -> T {
        do {
            return try await database.transaction { _ in
                try await database.execute(ManagementQueries.limitTime())
                return try await body()
            }
        } catch let error as DatabaseError where error.state == .queryCanceled && !Task.isCancelled {
            throw SearchTookTooLong()
        }
    }
}

/// A search was given up after two seconds.
package struct SearchTookTooLong: Error {}
