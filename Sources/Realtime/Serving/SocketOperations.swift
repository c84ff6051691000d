import Runtime
import Service
import Values

/// How operators see the sockets of a running instance; each instance knows its own.
struct SocketOperations: Sendable {
    let doors: SocketDoors

    var all: [Operation] { [list, figures] }

    private static let tag = "Operations"
    private static let crowds = 20

    private var list: Operation {
        .list(
            "/admin/runtime/sockets", "listSockets", "The sockets of this instance", tag: Self.tag,
            who: .permission("settings:read"), filter: SocketFilter.self, item: SocketView.self, sort: ["-openedAt"]
        ) { call, filter, page in
            try call.caller.requirePlatform()
            var found = try await onEachLoop(call.loop) { part in part.clients(where: filter.matches).map(\.view) }
                .flatMap { $0 }
            found.sort { page.isDescending ? $0.openedAt > $1.openedAt : $0.openedAt < $1.openedAt }
            return Page(Array(found.dropFirst(page.offset).prefix(page.limit)), total: found.count)
        }
    }

    private var figures: Operation {
        .get(
            "/admin/runtime/sockets/stats", "getSocketFigures", "The sockets of this instance, in numbers", tag: Self.tag,
            who: .permission("settings:read"), answer: SocketFigures.self
        ) { [doors] call in
            try call.caller.requirePlatform()
            var sockets: [String: Int] = [:]
            for crowds in try await onEachLoop(call.loop, { $0.crowds(Self.crowds) }) {
                for (room, count) in crowds { sockets[room, default: 0] += count }
            }
            let fullest = sockets.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.crowds)
            return SocketFigures(
                counters: doors.parts.counters, polls: doors.polls.waiting,
                crowds: fullest.map { SocketFigures.Crowd(room: $0.key, sockets: $0.value) }, limits: doors.parts.limits)
        }
    }

    private func onEachLoop<T: Sendable>(
        _ loop: EventLoop, _ body: @escaping @Sendable (RealtimeLoop) -> T
    ) async throws -> [T] {
        var all: [T] = []
        for part in doors.loops { all.append(try await doors.on(part, from: loop, body)) }
        return all
    }
}

extension Caller {
    /// The process belongs to the platform: a right to read settings on some scope below is not enough.
    fileprivate func requirePlatform() throws {
        guard try reach("settings:read").isEverything else { throw HouseProblem.forbidden.problem }
    }
}
