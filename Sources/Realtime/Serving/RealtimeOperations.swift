import HTTP
import Service

/// How sockets are opened, as it is declared: the two halves of Engine.IO, and the plain WebSocket.
struct RealtimeOperations: Sendable {
    let doors: SocketDoors

    var all: [Operation] { [open, post, plain] }

    private static let tag = "Realtime"
    private static let openings: [any ProblemKind] = [
        RealtimeProblem.originRefused, RealtimeProblem.socketsExhausted, HouseProblem.rateLimited,
        RealtimeProblem.upgradeRequired, RealtimeProblem.websocketKeyInvalid,
    ]

    private var open: Operation {
        .raw(
            .get, "/socket.io/", "getSocketIO", "Opens a session of Socket.IO, fetches its packets, or makes it a WebSocket",
            tag: Self.tag, who: .anyone, problems: Self.openings, success: Success(200, contentType: "text/plain"),
            query: EngineQuery.schema
        ) { [doors] in try await doors.get($0) }
            .described(
                """
                Socket.IO protocol 5 over Engine.IO 4; use a client library. Namespaces `/` and `/realtime`, the same rooms in \
                both. `auth: { token }` in the connect payload signs in, without it the socket is a guest's; a bad token gives \
                `auth:error`. Events: `auth`, `subscribe`, `unsubscribe` (a room), `ping`. Answers 400 with `{code, message}` to \
                what is no request of the protocol.
                """)
            .alsoAnswers(101, 400).unlimited().deadline(seconds: 60)
    }

    private var post: Operation {
        .raw(
            .post, "/socket.io/", "postSocketIO", "Sends packets of a session of Socket.IO that polls", tag: Self.tag,
            who: .anyone, problems: [RealtimeProblem.originRefused], success: Success(200, contentType: "text/html"),
            query: EngineQuery.schema
        ) { [doors] in try await doors.post($0) }
            .described("Packets are separated by the byte 0x1E, binary ones are `b` and base64. Answers `ok`.")
            .alsoAnswers(400).unlimited().acceptingAnyContentType().bodyLimit(doors.parts.limits.payload)
    }

    /// A product's own conversation.
    func talk(_ contract: SocketContract, _ sockets: WebSockets) -> Operation {
        contract.declare(
            .raw(
                .get, contract.path, contract.id, contract.summary, tag: contract.tag, who: .anyone, problems: Self.openings,
                success: Success(101)
            ) { [doors] in try doors.talk($0, contract, sockets) })
    }

    private var plain: Operation {
        .raw(
            .get, "/ws", "openWebSocket", "Opens a WebSocket of JSON messages", tag: Self.tag, who: .anyone,
            problems: Self.openings + [RealtimeProblem.subprotocolUnknown], success: Success(101)
        ) { [doors] in try doors.plain($0) }
            .described(
                """
                Subprotocol `platform.v1`, text frames of JSON. The client sends `{type: "auth", token}` (within 10 s, else it is \
                a guest), `subscribe {room}`, `unsubscribe {room}`, `resume {room, seq}` and `ping`; the server `ready`, \
                `subscribed {room, seq}`, `unsubscribed`, `error {code, room}`, `event {event, room, seq, at, data}` and `pong`. \
                Close codes: 4401 the credential is refused or has ended, 4403 the room is refused, 4429 too many sockets or \
                messages.
                """)
    }
}
