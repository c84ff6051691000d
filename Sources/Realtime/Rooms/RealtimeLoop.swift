import HTTP
import Runtime
import Service
import Values

/// The rooms and sockets of one loop. Confined to it.
final class RealtimeLoop: @unchecked Sendable {
    private final class Room {
        /// The number up to which the sockets here have been told; nil while it is being asked.
        var position: Int?
        var members: [ObjectIdentifier: RealtimeClient] = [:]
        var waiting: [Waiter<Int>] = []
    }

    let loop: EventLoop
    let parts: RealtimeParts
    private var rooms: [String: Room] = [:]
    private var clients: [RealtimeClient] = []
    var sessions: [String: EngineSession] = [:]
    private var ticker: LoopTimer?
    /// Sockets whose rights are to be asked again: first those of whom something was revoked.
    private var urgent: [RealtimeClient] = []
    private var due: [RealtimeClient] = []
    private var isChecking = false

    init(loop: EventLoop, parts: RealtimeParts) {
        self.loop = loop
        self.parts = parts
    }

    var limits: RealtimeLimits { parts.limits }

    // MARK: Sockets

    func add(_ client: RealtimeClient) {
        client.slot = clients.count
        clients.append(client)
        startTicking()
    }

    func remove(_ client: RealtimeClient) {
        guard client.slot >= 0 else { return }
        let last = clients.removeLast()
        if last !== client {
            clients[client.slot] = last
            last.slot = client.slot
        }
        client.slot = -1
    }

    func clients(where isWanted: (RealtimeClient) -> Bool) -> [RealtimeClient] { clients.filter(isWanted) }

    /// The fullest rooms, with how many sockets are in each.
    func crowds(_ count: Int) -> [(room: String, sockets: Int)] {
        let all = rooms.map { (room: $0.key, sockets: $0.value.members.count) }
        return Array(all.sorted { $0.sockets > $1.sockets }.prefix(count))
    }

    func startTicking() {
        guard ticker == nil else { return }
        ticker = loop.timer(after: limits.tick, repeating: limits.tick) { [self] in tick() }
    }

    private func tick() {
        let now = loop.now
        for session in Array(sessions.values) { session.tick(now) }
        for client in clients where now >= client.nextCheck && client.isOpen {
            client.nextCheck = .max
            due.append(client)
        }
        check()
        if clients.isEmpty, sessions.isEmpty {
            ticker?.cancel()
            ticker = nil
        }
    }

    // MARK: Rights

    /// Something was revoked: whoever it may concern is looked at now.
    func recheck(_ isConcerned: (Principal) -> Bool) {
        for client in clients {
            if let principal = client.principal, isConcerned(principal) { urgent.append(client) }
        }
        check()
    }

    private func check() {
        guard !isChecking, !urgent.isEmpty || !due.isEmpty else { return }
        isChecking = true
        loop.spawn { [self] in
            while let client = urgent.popLast() ?? due.popLast() {
                await client.recheck()
            }
            isChecking = false
        }
    }

    // MARK: Rooms

    /// The number up to which the room's sockets here have been told, once that is known. Throws when it cannot be had.
    func open(_ name: String) async throws -> Int {
        if let position = rooms[name]?.position { return position }
        let waiter = Waiter<Int>()
        if let room = rooms[name] {
            room.waiting.append(waiter)
        } else {
            // Before the hub is asked: on its own loop it answers within the call.
            let room = Room()
            room.waiting.append(waiter)
            rooms[name] = room
            parts.hub.open(name, for: self)
        }
        return try await waiter.value()
    }

    func opened(_ name: String, at position: Int) {
        guard let room = rooms[name] else { return parts.hub.close(name, for: self) }
        guard room.position == nil else { return }
        room.position = position
        let waiting = room.waiting
        room.waiting = []
        for waiter in waiting { waiter.resume(returning: position) }
        // Those who waited enter when they run; a room that nobody enters is closed then.
        loop.markDirty(Sweep(name, self))
    }

    func failed(_ name: String) {
        for waiter in rooms.removeValue(forKey: name)?.waiting ?? [] {
            waiter.resume(throwing: HouseProblem.databaseUnavailable.problem)
        }
    }

    /// Answers the number up to which the room has been told; nil when it was closed in the meantime.
    func enter(_ client: RealtimeClient, _ name: String) -> Int? {
        guard let room = rooms[name], let position = room.position else { return nil }
        room.members[ObjectIdentifier(client)] = client
        return position
    }

    func leave(_ client: RealtimeClient, _ name: String) {
        rooms[name]?.members.removeValue(forKey: ObjectIdentifier(client))
        sweep(name)
    }

    fileprivate func sweep(_ name: String) {
        guard let room = rooms[name], room.position != nil, room.members.isEmpty else { return }
        rooms.removeValue(forKey: name)
        parts.hub.close(name, for: self)
    }

    func tell(_ events: [RoomEvent]) {
        for event in events {
            guard let room = rooms[event.room], let position = room.position else { continue }
            if !event.isPassing {
                guard event.seq > position else { continue }
                room.position = event.seq
            }
            let told = ToldEvent(event)
            for member in Array(room.members.values) { member.tell(told) }
        }
    }

    /// What was told and kept nowhere may be lost.
    func missedPassing() {
        for client in Array(clients) where client.hearsPassing {
            for room in client.rooms.keys { client.missed(room) }
        }
    }

    // MARK: The end

    /// Says good-bye to every socket, with the hint to come again.
    func stop() {
        for session in Array(sessions.values) { session.sayGoodBye() }
        for client in Array(clients) { client.sayGoodBye() }
    }
}

/// Looks after the round whether anybody has entered a room.
private final class Sweep: Channel {
    private let name: String
    private let part: RealtimeLoop

    init(_ name: String, _ part: RealtimeLoop) {
        self.name = name
        self.part = part
        super.init()
    }

    override func flush() { part.sweep(name) }
}
