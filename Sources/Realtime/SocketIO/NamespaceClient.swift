import Crypto
import JSON
import Service

/// A client in one namespace of Socket.IO.
final class NamespaceClient: RealtimeClient, @unchecked Sendable {
    let namespace: String
    /// Held until the end of either: what a client has asked for may be answered when the session is gone.
    private let session: EngineSession

    init(_ namespace: String, session: EngineSession) {
        self.namespace = namespace
        self.session = session
        super.init(part: session.part, address: session.address)
    }

    // MARK: Saying

    func emit(_ event: String, _ data: JSONValue) {
        guard isOpen else { return }
        session.send(message: SocketPacket.event(namespace, event, [data]))
    }

    private func answer(_ id: Int?, _ data: JSONValue) {
        guard isOpen, let id else { return }
        session.send(message: SocketPacket.ack(namespace, id: id, data))
    }

    private func refuse(_ id: Int?, _ message: String) {
        answer(id, ["error": .string(message)])
        emit("exception", ["status": "error", "message": .string(message)])
    }

    // MARK: Beginning

    func connect(token: String?) {
        perform { [self] in
            guard let token else { return welcome() }
            do {
                switch try await signIn(token) {
                case .done: welcome()
                case .refused:
                    welcome()
                    emit("auth:error", ["message": .string(Self.badToken)])
                case .tooMany: turnAway(Self.tooManySockets)
                }
            } catch {
                turnAway(Self.unavailable)
            }
        }
    }

    private static let badToken = "The token is not valid or has expired"
    private static let unavailable = "The service is not available at the moment"
    private static let tooManySockets = "Too many sockets of one user"
    private static let tooManyRooms = "Too many rooms"
    private static let noAccess = "You do not have access to this room"

    private func welcome() {
        guard isOpen else { return }
        let sid = JSONValue.string(Token.random(bytes: 15).base64URL)
        session.send(message: SocketPacket.object(.connect, namespace, ["sid": sid]))
    }

    private func turnAway(_ message: String) {
        guard isOpen else { return }
        session.send(message: SocketPacket.object(.connectError, namespace, ["message": .string(message)]))
        session.namespaces.removeValue(forKey: namespace)
        end()
    }

    // MARK: Events

    func event(_ name: String, _ arguments: [JSONValue], id: Int?) {
        guard admitMessage() else { return session.end(.policyViolation) }
        perform { [self] in
            switch name {
            case "auth": await auth(arguments.first, id)
            case "subscribe": await subscribe(arguments.first, id)
            case "unsubscribe": unsubscribe(arguments.first, id)
            case "ping":
                let now: JSONValue = ["timestamp": .number("\(part.parts.clock.now().microseconds / 1000)")]
                answer(id, now)
                emit("pong", now)
            default:
                guard let event = part.parts.events[name] else { return refuse(id, "Unknown event") }
                await say(event, arguments.first, id)
            }
        }
    }

    /// An event that a module has declared.
    private func say(_ event: ClientEvent, _ argument: JSONValue?, _ id: Int?) async {
        do {
            let outcome = try await event.run(caller, argument)
            if let room = outcome.leaves { leave(room) }
            if let room = outcome.enters, rooms[room] == nil {
                guard hasRoomForRooms else { return refuse(id, Self.tooManyRooms) }
                guard try await mayEnter(room) else { return refuse(id, Self.noAccess) }
                try await enter(room)
            }
            guard let reply = outcome.reply else { return answer(id, .null) }
            answer(id, reply.data)
            emit(reply.event, reply.data)
        } catch let problem as Problem where problem.status < 500 {
            refuse(id, problem.detail)
        } catch let kind as any ProblemKind where kind.status < 500 {
            refuse(id, kind.detail)
        } catch {
            refuse(id, Self.unavailable)
        }
    }

    /// A bad token leaves a guest.
    private func auth(_ argument: JSONValue?, _ id: Int?) async {
        guard let token = argument?.string ?? argument?["token"]?.string else { return refuse(id, "Token is required") }
        do {
            switch try await signIn(token) {
            case .done: answer(id, ["userId": userID.map { .string($0.description) } ?? .null])
            case .refused:
                signOut()
                answer(id, ["error": .string(Self.badToken)])
                emit("auth:error", ["message": .string(Self.badToken)])
            case .tooMany: refuse(id, Self.tooManySockets)
            }
        } catch {
            refuse(id, Self.unavailable)
        }
    }

    private func subscribe(_ argument: JSONValue?, _ id: Int?) async {
        guard let room = Self.room(argument) else { return refuse(id, "Room is required") }
        if rooms[room] == nil, !hasRoomForRooms { return refuse(id, Self.tooManyRooms) }
        do {
            guard try await mayEnter(room) else { return refuse(id, "You do not have access to this room") }
            if rooms[room] == nil { try await enter(room) }
            answer(id, ["room": .string(room)])
            emit("subscribed", ["room": .string(room)])
        } catch {
            refuse(id, Self.unavailable)
        }
    }

    private func unsubscribe(_ argument: JSONValue?, _ id: Int?) {
        guard let room = Self.room(argument) else { return refuse(id, "Room is required") }
        leave(room)
        answer(id, ["room": .string(room)])
        emit("unsubscribed", ["room": .string(room)])
    }

    private static func room(_ argument: JSONValue?) -> String? { argument?.string ?? argument?["room"]?.string }

    override var way: (protocol: String, transport: String, namespace: String?) {
        ("socket.io", session.isPolling ? "polling" : "websocket", namespace)
    }

    // MARK: What the rooms say

    override func deliver(_ event: ToldEvent) { session.send(event.packet(in: namespace)) }

    override func missed(_ room: String) { emit("resync", ["room": .string(room)]) }

    override func lost(_ room: String) {
        emit("exception", ["status": "error", "message": "You do not have access to this room", "room": .string(room)])
        emit("unsubscribed", ["room": .string(room)])
    }

    override func credentialEnded(expired: Bool) {
        emit("auth:error", ["message": .string(Self.badToken)])
        // Who is late with a new token stays as a guest; who was signed out is out.
        if expired { return perform { [self] in await becomeGuest() } }
        session.send(message: SocketPacket.bare(.disconnect, namespace))
        session.end(.policyViolation)
    }
}
