import HTTP
import JSON
import Postgres
import Service
import Support
import Synchronization

@testable import Realtime

/// A server with sockets and nothing else: rooms `hall` for its keepers and `square:{id}` for everybody.
struct Hall: Sendable {
    let server: TestServer
    let realtime: RealtimeModule
    let rooms: RoomEvents
    let people: People

    static let kinds = [
        RoomKind("hall") { caller, id in id.isEmpty && caller.can("hall:read", on: []) },
        RoomKind("square") { _, id in !id.isEmpty && id != "closed" },
    ]

    /// `hall:join` enters the square of a number and says so; `hall:leave` leaves it without a word.
    static let events = [
        ClientEvent("hall:join") { caller, argument in
            guard let number = argument?.string else { throw HallProblem.numberRequired }
            let data: JSONValue = ["square": .string(number), "guest": .bool(caller.userID == nil)]
            return ClientEvent.Outcome(enters: "square:\(number)", reply: ("hall:joined", data))
        },
        ClientEvent("hall:leave") { _, argument in ClientEvent.Outcome(leaves: "square:\(argument?.string ?? "")") },
        ClientEvent("hall:burn") { _, _ in throw CancellationError() },
    ]

    /// Tells a room a number, in a transaction of its own.
    func tell(_ room: String, _ number: Int) async throws { try await rooms.emit("told", to: room, ["n": .number("\(number)")] as JSONValue) }

    func pass(_ text: String, to names: [String]) async throws {
        try await rooms.pass("passed", to: names, ["t": .string(text)] as JSONValue)
    }

    /// A socket on a loop; where the kernel puts one, nobody can ask for.
    func signedIn(on loop: Int) async throws -> TestSocket {
        while true {
            let before = realtime.sockets.counters[loop].opened.current()
            let socket = try await signedIn()
            if realtime.sockets.counters[loop].opened.current() > before { return socket }
        }
    }

    func signedIn(_ token: String = "ann") async throws -> TestSocket {
        let socket = try await TestSocket.plain(server)
        socket.send(#"{"type":"auth","token":"\#(token)"}"#)
        _ = try await socket.json("ready")
        return socket
    }
}

enum HallProblem: String, ProblemKind {
    case numberRequired = "number_required"

    var status: Int { 422 }
    var detail: String { "A number is required" }
}

func withHall(
    limits: @escaping @Sendable (inout RealtimeLimits) -> Void = { _ in }, policy: Policy = Policy(rateLimit: nil),
    _ body: @escaping @Sendable (Hall) async throws -> Void
) async throws {
    let people = People()
    let made = Mutex<RealtimeModule?>(nil)
    var bounds = RealtimeLimits()
    bounds.tick = .milliseconds(10)
    bounds.openings = nil
    limits(&bounds)
    let chosen = bounds
    try await withServer(policy: policy) { platform in
        let realtime = RealtimeModule(
            database: platform.database, authenticator: people, locks: platform.locks, kinds: Hall.kinds,
            clientEvents: Hall.events, contracts: [Parrot.contract], policy: policy, loops: platform.loops, limits: chosen, clock: platform.clock, log: platform.log)
        made.withLock { $0 = realtime }
        return TestComposition(authenticator: people, modules: [realtime])
    } _: { server in
        let realtime = made.withLock { $0! }
        let hall = Hall(server: server, realtime: realtime, rooms: RoomEvents(database: server.database), people: people)
        do { try await body(hall) } catch {
            await realtime.stop(grace: .milliseconds(50))
            throw error
        }
        await realtime.stop(grace: .milliseconds(50))
    }
}
