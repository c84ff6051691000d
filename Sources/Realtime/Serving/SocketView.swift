import JSON
import Service
import Values

/// An open socket, as operators see it.
struct SocketView: WireOutput {
    let `protocol`: String
    let transport: String
    let namespace: String?
    let userID: UUID?
    let address: String
    let openedAt: Instant
    let rooms: [String]

    static let shape = Shape<SocketView>(
        output: "Socket",
        Field("protocol", { $0.protocol }, doc: "`socket.io` or `ws`"),
        Field("transport", { $0.transport }, doc: "`websocket` or `polling`"),
        Field("namespace", { $0.namespace }, doc: "Of Socket.IO"),
        Field("userId", { $0.userID }, doc: "Null for a guest"),
        Field("address", { $0.address }),
        Field("openedAt", { $0.openedAt }),
        Field("rooms", { $0.rooms }))
}

/// What the list of sockets is narrowed to.
struct SocketFilter: Shaped {
    let userID: UUID?
    let room: String?

    static let shape = Shape<SocketFilter>(
        "SocketFilter", Self.init,
        Field("userId", { $0.userID }), Field("room", { $0.room }, .length(1...200)))

    func matches(_ client: RealtimeClient) -> Bool {
        if let userID, client.userID != userID { return false }
        if let room, client.rooms[room] == nil { return false }
        return true
    }
}

/// What this process's sockets are at, in numbers.
struct SocketFigures: WireOutput {
    struct Crowd: WireOutput {
        let room: String
        let sockets: Int

        static let shape = Shape<Crowd>(
            output: "RoomCrowd", Field("room", { $0.room }), Field("sockets", { $0.sockets }))
    }

    let counters: RealtimeCounters
    let polls: Int
    let crowds: [Crowd]
    let limits: RealtimeLimits

    static let shape = Shape<SocketFigures>(
        output: "SocketFigures",
        Field("guests", { $0.counters.guests.read() }),
        Field("signedIn", { $0.counters.signedIn.read() }),
        Field("sessions", { $0.counters.sessions.read() }, doc: "Of Engine.IO"),
        Field("polls", { $0.polls }, doc: "Requests that wait for something to tell"),
        Field("rooms", { $0.counters.rooms.read() }, doc: "That somebody here is in"),
        Field("events", { $0.counters.events.read() }, doc: "Read for the rooms, since the start"),
        Field("told", { $0.counters.told.read() }, doc: "Given to sockets, since the start"),
        Field("gaps", { $0.counters.gaps.read() }, doc: "How often a socket was told to read anew"),
        Field("received", { $0.counters.received.read() }, doc: "Messages of clients, since the start"),
        Field("endedForMessages", { $0.counters.overTold.read() }, doc: "Sockets that said too much"),
        Field("endedForCredential", { $0.counters.ended.read() }),
        Field("endedForSlowness", { $0.counters.slow.read() }, doc: "Polling clients that did not fetch"),
        Field("refusedForUser", { $0.counters.tooMany.read() }, doc: "Sockets beyond those a user may have"),
        Field("socketsPerUser", { $0.limits.socketsPerUser }),
        Field("crowds", { $0.crowds }, doc: "The 20 fullest rooms"))
}
