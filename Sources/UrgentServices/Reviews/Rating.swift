import Postgres
import Values

/// What the visible reviews of an executor come to.
struct Rating: Row {
    /// Two decimals, half up; nought without reviews.
    let average: Percent
    let count: Int

    init(_ row: inout RowReader) throws {
        average = try row.next()
        count = try row.next()
    }
}
