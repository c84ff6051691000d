import JSON
import Postgres

/// The door: tells rooms what has happened.
///
///     try await rooms.emit("invoice:updated", to: "user:\(id)", view)
///
/// Called inside the transaction that makes it true: nobody is told of what was rolled back. The events of a transaction are
/// written with its last statement, so that a room's number is held by nobody for longer than a commit takes. After the
/// commit every instance tells the sockets that are in the room, in the order of the commits.
package struct RoomEvents: Sendable {
    private let database: Database

    package init(database: Database) { self.database = database }

    /// More than this in one event is a mistake of the program: an event says what has changed, who wants more reads it.
    package static let largest = 256 * 1024

    package struct TooLarge: Error {
        let event: String
        let bytes: Int
    }

    /// - Throws: `TooLarge` for data of more than `largest` bytes.
    package func emit(_ event: String, to room: String, _ data: some JSONWritable) async throws {
        let text = JSONText(encoding: data)
        guard text.bytes.count <= Self.largest else { throw TooLarge(event: event, bytes: text.bytes.count) }
        try await database.atCommit(NewRoomEvent(room: room, name: event, data: text), by: Self.writer)
    }

    /// One for all modules: the rooms of a transaction are locked in one order, whoever tells them something.
    private static let writer = RoomWriter()
}

private final class RoomWriter: LastWriter {
    func write(_ collected: [any Sendable], in transaction: Transaction) async throws {
        _ = try await transaction.one(RealtimeQueries.add(collected.compactMap { $0 as? NewRoomEvent }))
    }
}
