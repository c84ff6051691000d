import Runtime
import Service
import Values

/// A socket as the rooms see it: somebody signed in, or a guest, with the rooms he is in. Confined to its loop; what takes
/// time is done one thing after the other.
class RealtimeClient: @unchecked Sendable {
    let part: RealtimeLoop
    let address: String
    let openedAt: Instant
    /// Position in the loop's table; −1 when it has ended.
    final var slot = -1
    final var nextCheck: UInt64 = .max
    private(set) final var principal: Principal?
    private final var token: String?
    private(set) final var rooms: [String: Membership] = [:]
    private(set) final var isOpen = true
    private final var window: UInt64 = 0
    private final var messages = 0
    private final var work: [() async -> Void] = []
    private final var isWorking = false

    init(part: RealtimeLoop, address: String) {
        self.part = part
        self.address = address
        openedAt = part.parts.clock.now()
        part.add(self)
        part.parts.counters.guests.count()
    }

    final var userID: UUID? { principal?.userID }

    // MARK: What the two protocols say in their own way

    func deliver(_ event: ToldEvent) {}
    /// Events of the room are gone before they could be told.
    func missed(_ room: String) {}
    /// The right to be in the room has ended.
    func lost(_ room: String) {}
    /// The token no longer holds: expired, or revoked.
    func credentialEnded(expired: Bool) {}
    /// Whether its rooms are told things that are kept nowhere.
    var hearsPassing: Bool { false }
    func sayGoodBye() {}
    var way: (protocol: String, transport: String, namespace: String?) { ("", "", nil) }

    // MARK: Order

    /// Has `body` done after what was asked before.
    final func perform(_ body: @escaping () async -> Void) {
        guard isOpen else { return }
        work.append(body)
        guard !isWorking else { return }
        isWorking = true
        part.loop.spawn { [self] in
            while isOpen, !work.isEmpty { await work.removeFirst()() }
            work.removeAll()
            isWorking = false
        }
    }

    /// Counts a message of the client's; false when it is one too many.
    final func admitMessage() -> Bool {
        part.parts.counters.received.count()
        let now = part.loop.now
        if now >= window {
            window = now &+ part.limits.eventWindow.nanoseconds
            messages = 0
        }
        messages += 1
        if messages <= part.limits.events { return true }
        part.parts.counters.overTold.count()
        return false
    }

    // MARK: Who it is

    enum SignIn { case done, refused, tooMany }

    /// Makes the socket somebody's. With a token that proves nothing it stays what it was. Throws when nobody can tell.
    final func signIn(_ token: String) async throws -> SignIn {
        guard let found = try await principal(of: token), isOpen else { return .refused }
        if found.userID != userID {
            guard part.parts.census.enter(found.userID) else {
                part.parts.counters.tooMany.count()
                return .tooMany
            }
            signOut()
            part.parts.counters.guests.count(-1)
            part.parts.counters.signedIn.count()
        }
        self.token = token
        principal = found
        setCheck()
        await recheckRooms()
        try await enter("user:\(found.userID)")
        return .done
    }

    /// A guest again, who keeps the rooms that are open to guests.
    final func signOut() {
        guard let userID else { return }
        part.parts.census.leave(userID)
        part.parts.counters.signedIn.count(-1)
        part.parts.counters.guests.count()
        principal = nil
        token = nil
        nextCheck = .max
        leave("user:\(userID)")
    }

    /// Signed out, and out of all rooms that are not open to guests.
    final func becomeGuest() async {
        signOut()
        await recheckRooms()
    }

    private final func principal(of token: String) async throws -> Principal? {
        let parts = part.parts
        let now = parts.clock.now()
        var text = token
        let known = text.withUTF8 { parts.authenticator.known(UnsafeRawBufferPointer($0), on: part.loop, at: now) }
        var found = known
        if found == nil { found = try await parts.authenticator.authenticate(token, on: part.loop, at: now) }
        // Whoever has to choose a new password first is told nothing; keys are for programs that ask.
        guard let found, found.kind == .user, !found.mustChangePassword, found.expiresAt > now else { return nil }
        return found
    }

    private final func setCheck() {
        let left = principal.map { ($0.expiresAt.microseconds - part.parts.clock.now().microseconds) / 1_000_000 } ?? 0
        nextCheck = part.loop.now &+ min(part.limits.recheck, .seconds(max(1, left))).nanoseconds
    }

    /// Asks again whether the token holds and which rooms may be kept.
    final func recheck() async {
        guard isOpen, let token, let before = principal else { return }
        let found: Principal?
        // Without the database nobody can tell; what held before holds until it is back.
        do { found = try await principal(of: token) } catch {
            nextCheck = part.loop.now &+ part.limits.recheck.nanoseconds
            return
        }
        guard isOpen, self.token == token else { return }
        guard let found else {
            part.parts.counters.ended.count()
            return credentialEnded(expired: before.expiresAt <= part.parts.clock.now())
        }
        principal = found
        await recheckRooms()
        if isOpen { setCheck() }
    }

    private final func recheckRooms() async {
        for room in Array(rooms.keys) where !isOwn(room) {
            let may: Bool
            do { may = try await mayEnter(room) } catch { continue }
            if !may, isOpen, rooms[room] != nil {
                leave(room)
                lost(room)
            }
        }
    }

    // MARK: Rooms

    /// Joined by itself with the sign-in, and no other's.
    private final func isOwn(_ room: String) -> Bool { userID.map { room == "user:\($0)" } ?? false }

    final func mayEnter(_ room: String) async throws -> Bool {
        if isOwn(room) { return true }
        guard let (kind, id) = part.parts.kinds.kind(of: room) else { return false }
        do {
            return try await kind.admits(caller, id)
        } catch let problem as Problem where problem.status < 500 {
            return false
        }
    }

    /// As whom its wishes are asked.
    final var caller: Caller {
        Caller(principal: principal, address: address, locks: part.parts.locks, isReading: true)
    }

    final var hasRoomForRooms: Bool { rooms.count < part.limits.roomsPerSocket }

    /// Enters without asking whether it may. Answers the number up to which the socket has been told.
    ///
    /// - Parameter holding: what comes is held back until `release`.
    @discardableResult
    final func enter(_ room: String, holding: Bool = false) async throws -> Int {
        while true {
            let position = try await part.open(room)
            guard isOpen else { return position }
            // The room may have been told more since, or closed.
            guard let told = part.enter(self, room).map({ max($0, rooms[room]?.told ?? 0) }) else { continue }
            rooms[room] = Membership(told: told, holding: holding)
            return told
        }
    }

    final func leave(_ room: String) {
        guard rooms.removeValue(forKey: room) != nil else { return }
        part.leave(self, room)
    }

    final func tell(_ event: ToldEvent) {
        let room = event.event.room
        switch rooms[room]?.take(event) {
        case .event: deliver(event)
        case .eventAfterGap:
            part.parts.counters.gaps.count()
            missed(room)
            deliver(event)
        case .nothing, nil: return
        }
        part.parts.counters.told.count()
    }

    /// What was missed has been told up to a number; from here on the room is told as it goes, beginning with what has come in
    /// the meantime.
    final func release(_ room: String, told: Int) {
        for event in rooms[room]?.release(told: told) ?? [] { tell(event) }
    }

    /// As operators see it.
    final var view: SocketView {
        SocketView(
            protocol: way.protocol, transport: way.transport, namespace: way.namespace, userID: userID, address: address,
            openedAt: openedAt, rooms: rooms.keys.sorted())
    }

    // MARK: The end

    final func end() {
        guard isOpen else { return }
        signOut()
        isOpen = false
        for room in rooms.keys { part.leave(self, room) }
        rooms.removeAll()
        part.remove(self)
        part.parts.counters.guests.count(-1)
    }
}
