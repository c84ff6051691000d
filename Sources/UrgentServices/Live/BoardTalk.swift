import HTTP
import JSON
import Postgres
import Realtime
import Runtime
import Service
import Values

/// The conversation of one socket of the board (spec 5.7). Confined to the socket's loop.
final class BoardTalk: SocketTalk {
    /// From the opening to the first message.
    static let patience = Duration.seconds(10)
    private static let mostRooms = 20
    private static let messagesPerMinute = 30

    private enum Code {
        static let credential = CloseCode(4401)
        static let room = CloseCode(4403)
        static let silence = CloseCode(4408)
        static let tooMany = CloseCode(4429)
    }

    private enum Stage { case new, judging, ready, over }

    private unowned let line: any SocketLine
    private let parts: BoardSockets
    private var stage = Stage.new
    private var user: Int?
    /// What of the feed is wanted; nil outside of it.
    private var filter: FeedFilter?
    /// The events told so far.
    private var seq = 0
    /// What ends it if nothing else does: silence at first, then the age of the proof.
    private(set) var timer: LoopTimer?
    private var isCounted = false
    private var window: UInt64 = 0
    private var messages = 0

    init(_ line: any SocketLine, _ parts: BoardSockets) {
        self.line = line
        self.parts = parts
        isCounted = parts.census.enter(line.address)
        if isCounted {
            timer = line.loop.timer(after: Self.patience) { [weak self] in self?.close(Code.silence, "no auth") }
        } else {
            close(Code.tooMany, "too many sockets of this address")
        }
    }

    // MARK: Hearing

    func heard(_ bytes: UnsafeRawBufferPointer, isText: Bool) {
        guard stage != .over else { return }
        guard admitMessage() else { return close(Code.tooMany, "too many messages") }
        guard isText, let message = BoardMessage(bytes) else { return refuse(.validationError) }
        // One after the other: what is said before the answer to `auth` is heard behind it.
        line.perform { [self] in
            do { try await handle(message) } catch { refuse(.internalError) }
        }
    }

    private func admitMessage() -> Bool {
        let now = line.loop.now
        if now >= window {
            window = now &+ Duration.seconds(60).nanoseconds
            messages = 0
        }
        messages += 1
        return messages <= Self.messagesPerMinute
    }

    private func handle(_ message: BoardMessage) async throws {
        switch message {
        case .auth(let proof): try await auth(proof)
        case .ping: say("pong") { $0.member("server_time", parts.clock.now()) }
        case .subscribe(let room, let filter): try await subscribe(room, filter)
        case .unsubscribe(let room): unsubscribe(room)
        }
    }

    // MARK: Who it is

    private func auth(_ proof: String?) async throws {
        guard stage == .new else { return refuse(.alreadyDone) }
        stage = .judging
        timer?.cancel()
        do {
            if let proof { try await prove(proof) }
        } catch {
            return close(.internalError, "try again")
        }
        guard stage == .judging else { return }
        stage = .ready
        say("ready") { writer in
            writer.key("user_id")
            if let user { writer.write(user) } else { writer.writeNull() }
            writer.member("server_time", parts.clock.now())
        }
    }

    private func prove(_ proof: String) async throws {
        let now = parts.clock.now()
        let principal: Principal?
        do { principal = try await parts.authenticator.authenticate(proof, on: line.loop, at: now) } catch is CredentialsRefused {
            return close(Code.credential, "credential refused")
        }
        guard let principal, let id = principal.externalID, line.isOpen else {
            return close(Code.credential, "credential refused")
        }
        guard parts.census.enter(Int(id)) else { return close(Code.tooMany, "too many sockets of this user") }
        user = Int(id)
        try await line.enter(NewsRoom.user(Int(id)).name)
        // It may have ended meanwhile; nobody would stop a timer of a day then.
        guard stage == .judging else { return }
        // A proof that ages while the socket is open is none any more.
        timer = line.loop.timer(after: max(principal.expiresAt - now, .milliseconds(1))) { [weak self] in
            self?.close(Code.credential, "credential expired")
        }
    }

    // MARK: Rooms

    private func subscribe(_ name: String, _ filter: FeedFilter) async throws {
        guard stage == .ready else { return refuse(.notAuthenticated, room: name) }
        let words = name.split(separator: ":", maxSplits: 1).map(String.init)
        let room: NewsRoom
        switch (words.first, words.last) {
        case ("orders", _) where words.count == 1: room = .orders
        case ("order", let text?) where words.count == 2:
            guard let id = OrderID(text), try await isShown(id) else { return refuse(.notFound, room: name) }
            room = .order(text)
        case ("user", let text?) where words.count == 2:
            guard let id = Int(text), id == user else { return close(Code.room, "room refused") }
            room = .user(id)
        default: return refuse(.notFound, room: name)
        }
        guard line.isIn(room.name) || line.roomCount < Self.mostRooms else { return refuse(.rateLimited, room: name) }
        try await line.enter(room.name)
        if case .orders = room { self.filter = filter }
        say("subscribed") { $0.member("room", name) }
    }

    /// Deleted and unknown orders have no room.
    private func isShown(_ id: OrderID) async throws -> Bool {
        guard let order = try await parts.database.first(OrderQueries.one(id)) else { return false }
        return order.status != .deleted
    }

    private func unsubscribe(_ name: String) {
        guard stage == .ready else { return refuse(.notAuthenticated, room: name) }
        // One's own room is left with the socket alone.
        if !name.hasPrefix("user:") { line.leave("urgent:\(name)") }
        if name == "orders" { filter = nil }
        say("unsubscribed") { $0.member("room", name) }
    }

    // MARK: Saying

    func told(_ event: RoomEvent) {
        let name = NewsName(text: event.name)
        if event.room == NewsRoom.orders.name, filter?.admits(name) != true { return }
        seq += 1
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "event")
        writer.member("event", name.event)
        writer.member("room", String(NewsRoom.shown(event.room)))
        writer.member("seq", seq)
        writer.member("ts", event.at)
        writer.member("data", event.data)
        writer.endObject()
        line.say(writer.bytes)
    }

    /// There is no replay: whoever has missed something reads anew.
    func missed(_ room: String) {
        say("error") { writer in
            writer.member("code", "resync")
            writer.member("detail", "Events were lost; read again.")
            writer.member("room", String(NewsRoom.shown(room)))
        }
    }

    private func refuse(_ problem: UrgentProblem, room: String? = nil) {
        say("error") { writer in
            writer.member("code", problem.rawValue)
            writer.member("detail", problem.detail)
            if let room { writer.member("room", room) }
        }
    }

    private func say(_ type: StaticString, _ body: (inout JSONWriter) -> Void) {
        guard stage != .over else { return }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "\(type)")
        body(&writer)
        writer.endObject()
        line.say(writer.bytes)
    }

    // MARK: The end

    private func close(_ code: CloseCode, _ reason: String) {
        guard stage != .over else { return }
        stage = .over
        line.close(code, reason)
    }

    func ended() {
        stage = .over
        timer?.cancel()
        if isCounted { parts.census.leave(line.address) }
        if let user { parts.census.leave(user) }
        isCounted = false
        user = nil
    }
}
