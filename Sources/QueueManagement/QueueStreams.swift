import HTTP
import JSON
import Jobs
import Runtime
import Service
import Synchronization
import Values

/// Tells whoever watches what changes in the queues, as server-sent events (WHATWG HTML, section 9.2).
///
/// A stream lasts a minute, so that whoever loses his right loses it here too; then the client asks again. All streams of
/// the process share one count of the jobs a second.
final class QueueStreams: Sendable {
    static let most = 20
    static let deadline = 90
    private static let life = Duration.seconds(60)
    private static let interval = Duration.seconds(2)
    /// Jobs told of in one interval.
    private static let batch = 100

    private let queues: Queues
    private let isDraining: @Sendable () -> Bool
    private let open = Atomic<Int>(0)
    private let counted = Mutex<(at: UInt64, stats: [QueueStats])>((0, []))

    init(queues: Queues, isDraining: @escaping @Sendable () -> Bool) {
        self.queues = queues
        self.isDraining = isDraining
    }

    /// Refuses with 503 when too many watch already.
    func answer(on loop: EventLoop) throws -> Answer {
        if open.load(ordering: .relaxed) >= Self.most { throw HouseProblem.overloaded }
        let body = AnswerStream(type: "text/event-stream; charset=utf-8") { [self] exchange in
            open.add(1, ordering: .relaxed)
            defer { open.subtract(1, ordering: .relaxed) }
            try await watch(exchange, on: loop)
        }
        return Answer(status: 200, content: .stream(body))
    }

    private func watch(_ exchange: Exchange, on loop: EventLoop) async throws {
        let end = EventLoop.monotonic() + Self.life.nanoseconds
        var since = try await queues.now()
        var told: Set<JobChange> = []
        while EventLoop.monotonic() < end, !isDraining() {
            try await exchange.write(Self.event("stats", try await stats().map { QueueStatsView(stats: $0) }))
            try await loop.sleep(for: Self.interval)
            // What is committed late bears an instant that has passed.
            let now = try await queues.now()
            let changes = try await queues.changes(since: since - .seconds(1), limit: Self.batch)
            for change in changes where !told.contains(change) {
                try await exchange.write(Self.event("job", JobChangeView(change: change)))
            }
            told = Set(changes)
            since = now
        }
    }

    /// At most a second old.
    private func stats() async throws -> [QueueStats] {
        let now = EventLoop.monotonic()
        let known = counted.withLock { $0 }
        if known.at + Duration.seconds(1).nanoseconds > now { return known.stats }
        let stats = try await queues.stats()
        counted.withLock { $0 = (now, stats) }
        return stats
    }

    private static func event(_ name: StaticString, _ data: some JSONWritable) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + data.jsonBytes + Array("\n\n".utf8)
    }
}

/// What a stream tells of a job.
struct JobChangeView: WireOutput {
    let change: JobChange

    static let shape = Shape<Self>(
        output: "JobChange",
        Field("id", { $0.change.id }), Field("queue", { $0.change.queue }), Field("name", { $0.change.name }),
        Field("state", { $0.change.state }), Field("priority", { $0.change.priority }),
        Field("attemptsMade", { $0.change.attempts }), Field("at", { $0.change.at }))
}
