import HTTP

/// A message packet of Engine.IO that may go to many sessions: made and framed once.
final class EnginePacket {
    /// As a polling client gets it.
    let text: [UInt8]
    /// As a WebSocket gets it.
    let frame: WebSocketMessage

    init(message: [UInt8]) {
        text = [EngineKind.message.rawValue] + message
        frame = WebSocketMessage(text: text)
    }
}

/// The kinds of packets of Engine.IO 4, by their first character.
enum EngineKind: UInt8 {
    case open = 0x30
    case close = 0x31
    case ping = 0x32
    case pong = 0x33
    case message = 0x34
    case upgrade = 0x35
    case noop = 0x36
}
