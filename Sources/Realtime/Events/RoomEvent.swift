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

    /// Something that is kept nowhere, and so has no number.
    init(passing event: PassingEvent, to room: String, at: Instant) {
        self.init(room: room, seq: Self.passing, name: event.name, data: event.data, at: at, isFirst: false)
    }

    private static let passing = -1

    var isPassing: Bool { seq == Self.passing }

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
