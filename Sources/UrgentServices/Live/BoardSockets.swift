import Postgres
import Realtime
import Service
import Values

/// What all sockets of the board share.
struct BoardSockets: Sendable {
    let database: Database
    let authenticator: InitDataAuthenticator
    let dialect: Dialect
    let clock: Clock
    /// Below which the board's paths begin.
    let prefix: String
    let census = SocketCensus()

    /// `/api/ws`: pings every half minute, and half a minute more of silence ends it.
    var contract: SocketContract {
        SocketContract(
            prefix + "/ws", "openUrgentSocket", "Opens a WebSocket of the board's events", tag: "Urgent: realtime", queue: 256,
            frame: 4096, pingInterval: .seconds(30), patience: .seconds(30),
            declare: { [dialect] operation in
                operation.described(
                    """
                    Text frames of JSON. The client sends `{type: "auth", init_data}` first (within 10 s; without init_data it is a \
                    guest), then `subscribe {room, filter}`, `unsubscribe {room}` and `ping`; rooms are `orders` with a filter of \
                    category and city, `order:<id>` and one's own `user:<id>`, which one is in by itself. The server sends `ready`, \
                    `subscribed`, `event {event, room, seq, ts, data}`, `error {code, detail}` and `pong`. Close codes: 1013 too \
                    slow, 4401 the credential is refused or has expired, 4403 a foreign room, 4408 no auth, 4429 too many.
                    """).speaking(dialect)
            }
        ) { BoardTalk($0, self) }
    }
}
