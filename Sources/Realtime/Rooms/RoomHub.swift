import Postgres
import Runtime
import Synchronization
import Telemetry

/// Which rooms anybody of this process is in, and how far each has been told. Hears of commits by LISTEN, reads what is new
/// and hands it to the loops whose sockets are in the room. Confined to one loop, save what says otherwise.
final class RoomHub: @unchecked Sendable {
    private struct Room {
        /// The number up to which the loops have been told; nil while it is being asked.
        var position: Int?
        var loops: Set<Int> = []
    }

    private let home: EventLoop
    private let database: Database
    private let counters: RealtimeCounters
    private let log: Log
    private var parts: [RealtimeLoop] = []
    private var rooms: [String: Room] = [:]
    /// Rooms that may have something new.
    private var told: Set<String> = []
    private var isReading = false
    private var isStopped = false
    private var subscriptions: [Subscription] = []
    private var timer: LoopTimer?
    private var isTelling = false

    /// Rooms read at once; each has 200 events at most.
    private static let batch = 50

    init(home: EventLoop, database: Database, counters: RealtimeCounters, log: Log) {
        self.home = home
        self.database = database
        self.counters = counters
        self.log = log
    }

    /// Called on the home loop.
    func start(_ parts: [RealtimeLoop]) {
        self.parts = parts
        subscriptions = [kept(), passing()]
    }

    private func kept() -> Subscription {
        database.listen(
            RealtimeQueries.channel,
            hears: { [weak self] hears in
                // What was told before is told by nobody: whatever is open is looked at.
                if hears { self?.onLoop { $0.told.formUnion($0.rooms.keys) } }
            }
        ) { [weak self] room in
            self?.onLoop { hub in if hub.rooms[room] != nil { hub.told.insert(room) } }
        }
    }

    private func passing() -> Subscription {
        database.listen(
            RealtimeQueries.passingChannel,
            lost: { [weak self] in
                self?.onLoop { hub in
                    for index in hub.parts.indices { hub.tell(index) { $0.missedPassing() } }
                }
            }
        ) { [weak self] payload in
            self?.onLoop { $0.pass(payload) }
        }
    }

    private func pass(_ payload: String) {
        guard !rooms.isEmpty else { return }
        do {
            let now = parts.first?.parts.clock.now() ?? .now
            var batches: [Int: [RoomEvent]] = [:]
            for event in try PassingEvent.unpacked(payload) {
                for room in event.rooms {
                    guard let loops = rooms[room]?.loops else { continue }
                    counters.events.count()
                    for index in loops { batches[index, default: []].append(RoomEvent(passing: event, to: room, at: now)) }
                }
            }
            for (index, batch) in batches { tell(index) { $0.tell(batch) } }
        } catch {
            log.error("a notification of events could not be read", ["cause": .error(error)])
        }
    }

    /// Has `body` done again and again while anybody of this process is in the room. Called on the home loop.
    func everyFewSeconds(
        _ interval: Duration, while room: String, _ body: @escaping @Sendable () async -> Void
    ) {
        timer = home.timer(after: interval, repeating: interval) { [weak self] in
            guard let self, rooms[room]?.position != nil, !isTelling else { return }
            isTelling = true
            home.spawn {
                await body()
                self.isTelling = false
            }
        }
    }

    private func onLoop(_ change: @escaping @Sendable (RoomHub) -> Void) {
        home.execute { [self] in
            change(self)
            read()
        }
    }

    /// From any thread.
    func stop() {
        home.execute { [self] in
            isStopped = true
            subscriptions.forEach { $0.cancel() }
            timer?.cancel()
            // Whoever waits for an answer has one.
            for (name, room) in rooms where room.position == nil { fail(name, room.loops) }
            counters.rooms.count(-rooms.count)
            rooms.removeAll()
            told.removeAll()
            parts = []
        }
    }

    // MARK: Doors

    /// A loop has its first socket in a room. `RealtimeLoop.opened` or `failed` answers; within the call when the loop is the
    /// hub's own. From any thread.
    func open(_ room: String, for part: RealtimeLoop) {
        home.execute { [self] in
            guard !isStopped else { return part.loop.execute { part.failed(room) } }
            let index = part.loop.index
            let isNew = rooms[room] == nil
            rooms[room, default: Room()].loops.insert(index)
            if let position = rooms[room]?.position { return tell(index) { $0.opened(room, at: position) } }
            if isNew {
                counters.rooms.count()
                home.spawn { await self.find(room) }
            }
        }
    }

    /// A loop has no socket in the room any more. From any thread.
    func close(_ room: String, for part: RealtimeLoop) {
        home.execute { [self] in
            rooms[room]?.loops.remove(part.loop.index)
            if rooms[room]?.loops.isEmpty == true, rooms[room]?.position != nil { forget(room) }
        }
    }

    private func forget(_ room: String) {
        if rooms.removeValue(forKey: room) != nil { counters.rooms.count(-1) }
        told.remove(room)
    }

    private func find(_ room: String) async {
        do {
            let head = try await database.one(RealtimeQueries.head(of: room))
            guard let loops = rooms[room]?.loops else { return }
            if loops.isEmpty { return forget(room) }
            rooms[room]?.position = head.position
            for index in loops { tell(index) { $0.opened(room, at: head.position) } }
            read()
        } catch {
            fail(room, rooms[room]?.loops ?? [])
            forget(room)
        }
    }

    private func fail(_ room: String, _ loops: Set<Int>) {
        for index in loops { tell(index) { $0.failed(room) } }
    }

    private func tell(_ index: Int, _ body: @escaping @Sendable (RealtimeLoop) -> Void) {
        guard parts.indices.contains(index) else { return }
        let part = parts[index]
        part.loop.execute { body(part) }
    }

    // MARK: News

    private func read() {
        guard !isReading, !isStopped, told.contains(where: { rooms[$0]?.position != nil }) else { return }
        isReading = true
        home.spawn { [self] in
            while !isStopped, await readOnce() {}
            isReading = false
        }
    }

    /// Whether there may be more.
    private func readOnce() async -> Bool {
        var names: [String] = [], positions: [Int] = []
        for room in told {
            guard let position = rooms[room]?.position else { continue }
            names.append(room)
            positions.append(position)
            if names.count == Self.batch { break }
        }
        if names.isEmpty { return false }
        told.subtract(names)
        do {
            hand(over: try await database.all(RealtimeQueries.events(of: names, after: positions)))
            return true
        } catch {
            told.formUnion(names)
            log.warning("events of rooms could not be read", ["cause": .error(error)])
            do { try await home.sleep(for: .seconds(1)) } catch { return false }
            return true
        }
    }

    private func hand(over events: [RoomEvent]) {
        var batches: [Int: [RoomEvent]] = [:]
        for event in events {
            guard let room = rooms[event.room], let position = room.position, event.seq > position else { continue }
            rooms[event.room]?.position = event.seq
            counters.events.count()
            for index in room.loops { batches[index, default: []].append(event) }
        }
        for (index, batch) in batches { tell(index) { $0.tell(batch) } }
    }
}
