import HTTP
import Runtime
import Values

/// A socket on which a product's own conversation is held. To the rooms it is a guest: who it is the product knows.
final class TalkClient: RealtimeClient, WebSocketHandler, SocketLine, @unchecked Sendable {
    private let socket: WebSocket
    private let queue: Int
    private var talk: (any SocketTalk)?
    /// Texts since nothing waited for the client.
    private var waiting = 0

    init(_ socket: WebSocket, _ contract: SocketContract, part: RealtimeLoop, address: String) {
        self.socket = socket
        queue = contract.queue
        super.init(part: part, address: address)
        talk = contract.begin(self)
    }

    override var way: (protocol: String, transport: String, namespace: String?) { ("product", "websocket", nil) }

    // MARK: The product's side

    var loop: EventLoop { part.loop }
    var roomCount: Int { rooms.count }

    func say(_ text: [UInt8]) {
        guard socket.isOpen else { return }
        waiting = socket.unsent == 0 ? 1 : waiting + 1
        if waiting > queue { return close(.tryAgainLater, "too slow") }
        socket.send(text: text)
    }

    func close(_ code: CloseCode, _ reason: String) { socket.close(code, reason) }

    func enter(_ room: String) async throws { _ = try await enter(room, holding: false) as Int }

    func isIn(_ room: String) -> Bool { rooms[room] != nil }

    // MARK: The other side

    func received(_ message: UnsafeRawBufferPointer, isText: Bool, on socket: WebSocket) {
        part.parts.counters.received.count()
        talk?.heard(message, isText: isText)
    }

    override func deliver(_ event: ToldEvent) { talk?.told(event.event) }

    override var hearsPassing: Bool { true }

    override func missed(_ room: String) { talk?.missed(room) }

    override func sayGoodBye() { socket.close(.goingAway, "reconnect") }

    func ended(_ socket: WebSocket, _ reason: WebSocketEnd) {
        end()
        talk?.ended()
        talk = nil
    }
}

extension CloseCode {
    /// RFC 6455's registry: "Try Again Later".
    static let tryAgainLater = CloseCode(1013)
}
