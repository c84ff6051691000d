import JSON
import Postgres
import Values

/// A job, whole.
package struct JobRecord: Row, Sendable {
    package let id: ID<Job>
    package let queue: String
    package let name: String
    package let state: JobState
    package let priority: Int
    package let data: JSONText
    package let progress: Int
    package let result: JSONText?
    package let attempts: Int
    package let maxAttempts: Int
    package let runAt: Instant
    package let createdAt: Instant
    package let startedAt: Instant?
    package let finishedAt: Instant?
    package let failedReason: String?
    /// The last five, each `{attempt, at, message}`.
    package let errors: JSONText
    package let scheduleKey: String?
    package let fairnessKey: String
    package let traceID: String?

    package init(_ row: inout RowReader) throws {
        id = try row.next()
        queue = try row.next()
        name = try row.next()
        state = try row.next()
        priority = try row.next()
        data = try row.next()
        progress = try row.next()
        result = try row.next()
        attempts = try row.next()
        maxAttempts = try row.next()
        runAt = try row.next()
        createdAt = try row.next()
        startedAt = try row.next()
        finishedAt = try row.next()
        failedReason = try row.next()
        errors = try row.next()
        scheduleKey = try row.next()
        fairnessKey = try row.next()
        traceID = try row.next()
    }
}

