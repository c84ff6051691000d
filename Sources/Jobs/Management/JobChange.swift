import Postgres
import Values

/// That a job was added, has begun or has ended.
package struct JobChange: Row, Sendable, Hashable {
    package let id: ID<Job>
    package let queue: String
    package let name: String
    package let state: JobState
    package let priority: Int
    package let attempts: Int
    package let at: Instant

    package init(_ row: inout RowReader) throws {
        id = try row.next()
        queue = try row.next()
        name = try row.next()
        state = try row.next()
        priority = try row.next()
        attempts = try row.next()
        at = try row.next()
    }
}

/// How a queue was when its health was last written down.
struct RecordedHealth: Row {
    let queue: String
    let status: String?

    init(_ row: inout RowReader) throws {
        queue = try row.next()
        status = try row.next()
    }
}
