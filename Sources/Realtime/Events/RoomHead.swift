import Postgres

/// How far a room has come.
struct RoomHead: Row, Sendable {
    /// The numbers of the first and last event; nil when nothing was told to the room for a day.
    let first: Int?
    let last: Int?
    /// Milliseconds since 1970, as the database's clock has it: what a room that begins now begins after.
    let now: Int

    init(_ row: inout RowReader) throws {
        first = try row.next()
        last = try row.next()
        now = try row.next()
    }

    /// What a socket that enters now has heard up to.
    var position: Int { last ?? now }

    /// How long events are kept.
    static let kept = 600_000
}
