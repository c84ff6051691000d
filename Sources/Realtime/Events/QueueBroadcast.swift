import JSON
import Jobs
import Postgres
import Runtime
import Service
import Telemetry

/// Tells the room `queue` every few seconds how the queues stand, as long as anybody is in it; one instance at a time.
final class QueueBroadcast: Sendable {
    static let room = "queue"
    static let interval = Duration.seconds(5)
    /// For staff who may see the queues.
    static let kind = RoomKind(room) { caller, id in id.isEmpty && caller.can("queues:read", on: []) }

    private let database: Database
    private let rooms: RoomEvents
    private let queues: Queues
    private let log: Log

    init(database: Database, rooms: RoomEvents, log: Log) {
        self.database = database
        self.rooms = rooms
        self.log = log
        queues = Queues(database: database)
    }

    func tell() async {
        do {
            try await database.transaction { _ in
                guard try await database.one(RealtimeQueries.mayTellQueues()) else { return }
                try await rooms.emit("queue:stats", to: Self.room, Self.figures(try await queues.stats()))
            }
        } catch {
            log.warning("the queues' figures could not be told", ["cause": .error(error)])
        }
    }

    static func figures(_ stats: [QueueStats]) -> JSONValue {
        let queues = stats.map { queue -> JSONValue in
            [
                "queue": .string(queue.queue), "waiting": .number("\(queue.waiting)"), "delayed": .number("\(queue.delayed)"),
                "active": .number("\(queue.active)"), "completed": .number("\(queue.completed)"),
                "failed": .number("\(queue.failed)"), "total": .number("\(queue.total)"), "isPaused": .bool(queue.isPaused),
            ]
        }
        return ["queues": .array(queues)]
    }
}
