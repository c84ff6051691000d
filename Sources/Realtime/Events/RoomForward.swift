import JSON
import Service

/// What a room is told when something has happened that others may react to: an event of the outbox, passed on with the id
/// of its object and its name.
package struct RoomForward: Sendable {
    /// What sockets hear: `payment:updated`.
    let name: String
    let events: Set<String>
    let room: @Sendable (JSONValue) -> String?

    /// - Parameter room: finds, in the event's data, who is to hear; nil for nobody.
    package init(_ name: String, on events: Set<String>, to room: @escaping @Sendable (JSONValue) -> String?) {
        self.name = name
        self.events = events
        self.room = room
    }

    func handler(_ rooms: RoomEvents) -> EventHandler {
        EventHandler("realtime:\(name)", on: events) { event in
            guard let data = try? JSONValue.decode(json: event.data.bytes), let room = room(data) else { return }
            var members: [(name: String, value: JSONValue)] = [("event", .string(event.name))]
            if let id = event.objectID { members.append(("id", .string(id.description))) }
            try await rooms.emit(name, to: room, JSONValue.object(members + (data.object ?? [])))
        }
    }
}
