import JSON
import Postgres
import Values

/// The states of a job's life.
package enum JobState: String, Sendable, CaseIterable {
    case waiting, delayed, active, completed, failed
}

/// A job that was added.
struct AddedJob: Row {
    let id: ID<Job>
    let hasWoken: Bool

    init(_ row: inout RowReader) throws {
        id = try row.next()
        hasWoken = try row.next()
    }
}

/// A job whose lease had lapsed.
struct RescuedJob: Row {
    let id: ID<Job>
    let queue: String
    let name: String
    let data: JSONText
    let hasFailed: Bool

    init(_ row: inout RowReader) throws {
        id = try row.next()
        queue = try row.next()
        name = try row.next()
        data = try row.next()
        hasFailed = try row.next()
    }
}

/// How many jobs a batch has added.
struct AddedJobs: Row {
    let count: Int
    let hasWoken: Bool

    init(_ row: inout RowReader) throws {
        count = try row.next()
        hasWoken = try row.next()
    }
}
