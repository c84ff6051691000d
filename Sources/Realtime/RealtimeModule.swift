import HTTP
import JSON
import Jobs
import Postgres
import Runtime
import Service
import Telemetry
import Values

/// Sockets: tells clients what has happened, as soon as it has been committed, on every instance.
package final class RealtimeModule: Module {
    package let name = "realtime"
    private let parts: RealtimeParts
    private let doors: SocketDoors
    private let loops: [RealtimeLoop]
    private let forwards: [RoomForward]
    private let events: RoomEvents
    private let queues: QueueBroadcast
    /// Conversations of products, with the sockets that are held for each.
    private let talks: [(contract: SocketContract, sockets: WebSockets)]

    /// - Parameters:
    ///   - kinds: the rooms of all modules.
    ///   - clientEvents: what clients may say, of all modules.
    ///   - forwards: which events of the outbox are told to which rooms.
    ///   - contracts: products' own conversations.
    ///   - policy: whose pages may open sockets.
    package init(
        database: Database, authenticator: any Authenticator, locks: ScopeLocks, kinds: [RoomKind],
        clientEvents: [ClientEvent] = [], forwards: [RoomForward] = [],
        contracts: [SocketContract] = [], policy: Policy, loops: LoopGroup,
        limits: RealtimeLimits = RealtimeLimits(), sockets: WebSocketLimits = WebSocketLimits(), clock: Clock = .system, log: Log
    ) {
        let counters = RealtimeCounters()
        let parts = RealtimeParts(
            database: database, sockets: WebSockets(loops: loops, limits: sockets), authenticator: authenticator,
            locks: locks, kinds: kinds + [QueueBroadcast.kind],
            events: Dictionary(uniqueKeysWithValues: clientEvents.map { ($0.name, $0) }),
            hub: RoomHub(home: loops.loops[0], database: database, counters: counters, log: log),
            census: UserCensus(most: limits.socketsPerUser), limits: limits, counters: counters, stopping: StopFlag(),
            clock: clock, log: log)
        self.parts = parts
        self.forwards = forwards
        talks = contracts.map { contract in
            var limits = contract.limits
            limits.unsent = sockets.unsent
            return (contract, WebSockets(loops: loops, limits: limits))
        }
        events = RoomEvents(database: database)
        queues = QueueBroadcast(database: database, rooms: events, log: log)
        self.loops = loops.loops.map { RealtimeLoop(loop: $0, parts: parts) }
        doors = SocketDoors(parts: parts, policy: policy, loops: self.loops, polls: PollCount(most: limits.polls))
    }

    package var operations: [Operation] {
        RealtimeOperations(doors: doors).all + SocketOperations(doors: doors).all
            + talks.map { RealtimeOperations(doors: doors).talk($0.contract, $0.sockets) }
    }

    package var eventHandlers: [EventHandler] { forwards.map { $0.handler(events) } }

    package var counters: RealtimeCounters { parts.counters }
    package var sockets: WebSockets { parts.sockets }
    /// Requests that wait for something to tell.
    package var waitingPolls: Int { doors.polls.waiting }

    private static let purge = JobKind<Empty>("realtime-purge", queue: "maintenance", priority: .low)

    package var jobs: [JobType] {
        [
            JobType(Self.purge) { [database = parts.database] _, _ in
                try await database.execute(RealtimeQueries.purgeEvents())
                try await database.execute(RealtimeQueries.purgeRooms())
            }
        ]
    }

    package var schedules: [Schedule] { [Schedule("realtime-purge", Self.purge, Empty(), .every(.seconds(300)))] }

    package static var statements: [StatementSample] {
        let event = NewRoomEvent(room: "", name: "", data: JSONText(trusted: Array("{}".utf8)))
        return [
            StatementSample("add", RealtimeQueries.add([event])),
            StatementSample("pass", RealtimeQueries.pass([])),
            StatementSample("head", RealtimeQueries.head(of: "")),
            StatementSample("events", RealtimeQueries.events(of: [""], after: [0])),
            StatementSample("may tell queues", RealtimeQueries.mayTellQueues()),
            StatementSample("purge events", RealtimeQueries.purgeEvents()),
            StatementSample("purge rooms", RealtimeQueries.purgeRooms()),
        ]
    }

    package func start() async throws {
        let (hub, loops) = (parts.hub, loops)
        loops[0].loop.execute { [queues] in
            hub.start(loops)
            hub.everyFewSeconds(QueueBroadcast.interval, while: QueueBroadcast.room) { await queues.tell() }
        }
    }

    /// Something was taken from somebody, or given: his sockets are looked at at once. From any thread.
    ///
    /// - Parameter isConcerned: whether it may be his.
    package func recheck(_ isConcerned: @escaping @Sendable (Principal) -> Bool) {
        for part in loops { part.loop.execute { part.recheck(isConcerned) } }
    }

    /// Tells every client to come again, and returns when no socket is left.
    package func stop(grace: Duration = .seconds(5)) async {
        parts.stopping.set()
        for part in loops { part.loop.execute { part.stop() } }
        for sockets in [parts.sockets] + talks.map(\.sockets) { await sockets.drain(grace: grace) }
        parts.hub.stop()
    }
}
