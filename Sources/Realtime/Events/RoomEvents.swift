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
        try await database.atCommit(NewRoomEvent(room: room, name: event, data: text(of: event, data)), by: Self.writer)
    }

    /// For conversations without replay (`SocketTalk`): told to whoever is in one of the rooms when it is committed, numbered and
    /// kept for nobody.
    ///
    /// - Throws: `TooLarge` for data of more than `largest` bytes.
    package func pass(_ event: String, to rooms: [String], _ data: some JSONWritable) async throws {
        try await database.atCommit(PassingEvent(rooms: rooms, name: event, data: text(of: event, data)), by: Self.writer)
    }

    private func text(of event: String, _ data: some JSONWritable) throws -> JSONText {
        let text = JSONText(encoding: data)
        guard text.bytes.count <= Self.largest else { throw TooLarge(event: event, bytes: text.bytes.count) }
        return text
    }

    /// One for all modules: the rooms of a transaction are locked in one order, whoever tells them something.
    private static let writer = RoomWriter()
}

private final class RoomWriter: LastWriter {
    func write(_ collected: [any Sendable], in transaction: Transaction) async throws {
        let (payloads, tooLarge) = PassingEvent.packed(collected.compactMap { $0 as? PassingEvent })
        if !payloads.isEmpty { _ = try await transaction.one(RealtimeQueries.pass(payloads)) }
        // What no notification holds is read from the table, by whoever is in the room.
        let kept = collected.compactMap { $0 as? NewRoomEvent }
            + tooLarge.flatMap { event in
                event.rooms.map { NewRoomEvent(room: $0, name: event.name, data: event.data) }
            }
        if !kept.isEmpty { _ = try await transaction.one(RealtimeQueries.add(kept)) }
    }
}
