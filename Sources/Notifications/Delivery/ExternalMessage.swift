import Postgres
import Values

/// A message, and how its provider calls it.
struct ExternalMessage: Row {
    let id: ID<Notification>
    let external: String

    init(_ row: inout RowReader) throws {
        id = try row.next()
        external = try row.next()
    }
}
