import HTTP
import JSON
import Runtime

/// A client of `/ws`: text frames of JSON, subprotocol `platform.v1`.
final class PlainClient: RealtimeClient, WebSocketHandler, @unchecked Sendable {
    static let subprotocol = "platform.v1"

    private let socket: WebSocket
    /// Whether `ready` was said.
    private var isReady = false
    private var patience: LoopTimer?

    private enum Code {
        static let credential = CloseCode(4401)
        static let room = CloseCode(4403)
        static let tooMany = CloseCode(4429)
    }

    init(_ socket: WebSocket, part: RealtimeLoop, address: String) {
        self.socket = socket
        super.init(part: part, address: address)
        patience = part.loop.timer(after: part.limits.authTime) { [weak self] in
            guard let self else { return }
            perform { self.beReady() }
        }
    }

    // MARK: Saying

    private func say(_ type: StaticString, _ body: (inout JSONWriter) -> Void = { _ in }) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "\(type)")
        body(&writer)
        writer.endObject()
        socket.send(text: writer.bytes)
    }

    private func refuse(_ code: StaticString, room: String? = nil, seq: Int? = nil) {
        say("error") { writer in
            writer.member("code", "\(code)")
            if let room { writer.member("room", room) }
            if let seq { writer.member("seq", seq) }
        }
    }

    /// Whoever has not said who he is by now is a guest.
    private func beReady() {
        patience?.cancel()
        if isReady { return }
        isReady = true
        sayReady()
    }

    private func sayReady() {
        say("ready") { writer in
            writer.key("userId")
            if let userID { writer.write(userID.description) } else { writer.writeNull() }
            writer.member("serverTime", part.parts.clock.now())
        }
    }

    // MARK: Hearing

    func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on socket: WebSocket) {
        guard admitMessage() else { return socket.close(Code.tooMany, "too many messages") }
        guard isText, let message = PlainMessage(Array(bytes)) else { return refuse("malformed") }
        perform { [self] in
            if message.kind != .auth { beReady() }
            do { try await handle(message) } catch { refuse("unavailable", room: message.room) }
        }
    }

    private func handle(_ message: PlainMessage) async throws {
        switch message.kind {
        case .auth: try await auth(message.token)
        case .ping: say("pong") { $0.member("serverTime", part.parts.clock.now()) }
        case .subscribe, .resume, .unsubscribe:
            guard let room = message.room else { return refuse("malformed") }
            if message.kind == .unsubscribe {
                leave(room)
                say("unsubscribed") { $0.member("room", room) }
            } else if message.kind == .resume {
                guard let seq = message.seq else { return refuse("malformed", room: room) }
                try await resume(room, after: seq)
            } else {
                try await subscribe(room)
            }
        }
    }

    private func auth(_ token: String?) async throws {
        guard let token else { return refuse("malformed") }
        switch try await signIn(token) {
        case .done:
            patience?.cancel()
            isReady = true
            sayReady()
        case .refused: socket.close(Code.credential, "credential refused")
        case .tooMany: socket.close(Code.tooMany, "too many sockets")
        }
    }

    /// Whether the room may be entered; says so if not.
    private func admits(_ room: String) async throws -> Bool {
        if rooms[room] == nil, !hasRoomForRooms {
            refuse("too_many_rooms", room: room)
            return false
        }
        if try await mayEnter(room) { return true }
        refuse("room_refused", room: room)
        socket.close(Code.room, "room refused")
        return false
    }

    private func subscribe(_ room: String) async throws {
        guard try await admits(room) else { return }
        let seq = try await enter(room)
        sayAt(room, seq)
    }

    private func sayAt(_ room: String, _ seq: Int) {
        say("subscribed") { writer in
            writer.member("room", room)
            writer.member("seq", seq)
        }
    }

    // MARK: Coming back

    /// What was missed, then what comes; or the word that nobody can tell what was missed.
    private func resume(_ room: String, after seq: Int) async throws {
        guard try await admits(room) else { return }
        // From here on nothing is missed: what comes while the past is read is told behind it.
        let now = try await enter(room, holding: true)
        let missed: Missed
        do {
            let head = try await part.parts.database.one(RealtimeQueries.head(of: room))
            let kept = try await part.parts.database.all(RealtimeQueries.events(of: [room], after: [seq]))
            missed = Missed(after: seq, head, kept: kept)
        } catch {
            leave(room)
            throw error
        }
        guard isOpen, rooms[room] != nil else { return }
        switch missed {
        case .unknown:
            refuse("resync", room: room, seq: now)
            release(room, told: now)
        case .events(let events):
            sayAt(room, seq)
            for event in events { socket.send(ToldEvent(event).plain) }
            // What was read may be ahead of what this process has told: that comes again by the other way, and is not told.
            release(room, told: events.last?.seq ?? max(seq, now))
        }
    }

    override var way: (protocol: String, transport: String, namespace: String?) { ("ws", "websocket", nil) }

    // MARK: What the rooms say

    override func deliver(_ event: ToldEvent) { socket.send(event.plain) }

    override func missed(_ room: String) { refuse("resync", room: room) }

    override func lost(_ room: String) { refuse("room_refused", room: room) }

    override func credentialEnded(expired: Bool) { socket.close(Code.credential, expired ? "expired" : "revoked") }

    override func sayGoodBye() { socket.close(.goingAway, "reconnect") }

    func ended(_ socket: WebSocket, _ reason: WebSocketEnd) {
        patience?.cancel()
        end()
    }
}
