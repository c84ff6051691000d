import JSON
import Postgres
import Values

/// A job that this process may carry out, as long as `token` is the row's lock token.
struct LeasedJob: Row, Comparable {
    let id: ID<Job>
    let queue: String
    let name: String
    let data: JSONText
    let priority: Int
    let runAt: Instant
    /// Tries made, the present one included.
    let attempt: Int
    let attempts: Int
    let backOff: BackOff
    let traceID: String?
    let token: UUID

    private init() {
        (id, queue, name, data, priority, runAt) = (ID(.zero), "", "", JSONText(encoding: ""), 1, Instant(microseconds: 0))
        (attempt, attempts, backOff, traceID, token) = (1, 1, BackOff(first: .seconds(1)), nil, .zero)
    }

    /// Stands for any job where only the text of a statement matters.
    static let sample = LeasedJob()

    init(_ row: inout RowReader) throws {
        id = try row.next()
        queue = try row.next()
        name = try row.next()
        data = try row.next()
        priority = try row.next()
        runAt = try row.next()
        attempt = try row.next()
        attempts = try row.next()
        let milliseconds: Int = try row.next()
        backOff = BackOff(first: .milliseconds(milliseconds))
        traceID = try row.next()
        token = try row.next()
    }

    /// The order in which jobs are taken; `update … returning` keeps none.
    static func < (left: LeasedJob, right: LeasedJob) -> Bool {
        (left.priority, left.runAt, left.id) < (right.priority, right.runAt, right.id)
    }

    static func == (left: LeasedJob, right: LeasedJob) -> Bool { left.id == right.id && left.token == right.token }
}
