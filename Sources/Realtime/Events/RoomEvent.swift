import JSON
import Postgres
import Values

/// Something that was told to a room.
package struct RoomEvent: Row, Sendable {
    package let room: String
    let seq: Int
    package let name: String
    package let data: JSON.JSONText
    package let at: Instant
    /// The first since the room is known: what came before was more than a day earlier, or nothing.
    let isFirst: Bool

    init(room: String, seq: Int, name: String, data: JSON.JSONText, at: Instant, isFirst: Bool) {
        self.room = room
        self.seq = seq
        self.name = name
        self.data = data
        self.at = at
        self.isFirst = isFirst
    }

    package init(_ row: inout RowReader) throws {
        room = try row.next()
        seq = try row.next()
        name = try row.next()
        data = try row.next()
        at = try row.next()
        isFirst = try row.next()
    }
}
