import HTTP
import JSON

/// An event on its way to the sockets of one loop: each form of it is made once, when the first socket wants it.
final class ToldEvent {
    let event: RoomEvent
    private var frames: [String: EnginePacket] = [:]

    init(_ event: RoomEvent) { self.event = event }

    /// For `/ws`.
    lazy var plain: WebSocketMessage = {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "event")
        writer.member("event", event.name)
        writer.member("room", event.room)
        writer.member("seq", event.seq)
        writer.member("at", event.at)
        writer.member("data", event.data)
        writer.endObject()
        return WebSocketMessage(text: writer.bytes)
    }()

    /// For Socket.IO: `42["name",data]`, with the namespace before the array unless it is the first one.
    func packet(in namespace: String) -> EnginePacket {
        if let known = frames[namespace] { return known }
        let packet = EnginePacket(message: SocketPacket.event(namespace, event.name, [event.data]))
        frames[namespace] = packet
        return packet
    }
}
