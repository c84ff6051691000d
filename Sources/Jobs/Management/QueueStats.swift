import Postgres
import Values

/// How many jobs of a queue are in which state.
package struct QueueStats: Row, Sendable, Hashable {
    package let queue: String
    package let waiting: Int
    package let delayed: Int
    package let active: Int
    package let completed: Int
    package let failed: Int
    package let isPaused: Bool

    package init(
        queue: String, waiting: Int, delayed: Int, active: Int, completed: Int, failed: Int, isPaused: Bool
    ) {
        self.queue = queue
        self.waiting = waiting
        self.delayed = delayed
        self.active = active
        self.completed = completed
        self.failed = failed
        self.isPaused = isPaused
    }

    package var total: Int { waiting + delayed + active + completed + failed }

    package init(_ row: inout RowReader) throws {
        queue = try row.next()
        waiting = try row.next()
        delayed = try row.next()
        active = try row.next()
        completed = try row.next()
        failed = try row.next()
        isPaused = try row.next()
    }
}

/// What a queue's health is judged by.
package struct QueueSigns: Row, Sendable {
    package let stats: QueueStats
    /// Jobs that ended within the hour, and how many of them failed.
    package let finished: Int
    package let failed: Int
    /// For how long the job that has waited longest could have been taken.
    package let oldestWaitingSeconds: Int?

    package init(stats: QueueStats, finished: Int, failed: Int, oldestWaitingSeconds: Int?) {
        self.stats = stats
        self.finished = finished
        self.failed = failed
        self.oldestWaitingSeconds = oldestWaitingSeconds
    }

    package init(_ row: inout RowReader) throws {
        stats = try QueueStats(&row)
        finished = try row.next()
        failed = try row.next()
        oldestWaitingSeconds = try row.next()
    }
}

/// What became of a queue's jobs in a minute.
package struct QueueMinute: Row, Sendable {
    package let queue: String
    package let minute: Instant
    package let completed: Int
    package let failed: Int

    package init(_ row: inout RowReader) throws {
        queue = try row.next()
        minute = try row.next()
        completed = try row.next()
        failed = try row.next()
    }
}
