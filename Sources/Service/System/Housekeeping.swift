import JSON
import Jobs
import Postgres
import Values

/// What the machinery cleans up after itself: answers kept for idempotency keys, events that were handed over.
package struct Housekeeping: Module {
    package let name = "api"
    package let operations: [Operation] = []
    private let database: Database

    package init(database: Database) { self.database = database }

    private static let clean = JobKind<Empty>("clean-api", queue: "maintenance", priority: .low)

    package var queues: [Queue] { [Queue("maintenance", concurrency: 1)] }

    package var jobs: [JobType] {
        [
            JobType(Self.clean) { _, _ in
                try await database.execute(IdempotencyQueries.clean())
                try await database.execute(OutboxQueries.clean())
            }
        ]
    }

    package var schedules: [Schedule] { [Schedule("api.clean", Self.clean, Empty(), .every(.seconds(600)))] }

    package static var statements: [StatementSample] {
        let claim = IdempotencyClaim(caller: "", operation: "", key: "")
        let effect = Effect(id: .zero, isContinued: false)
        let answer = Answer(status: 201)
        let entry = BacklogEntry(event: 0, handler: "", attempts: 0, nextAt: .distantFuture)
        return [
            StatementSample("idempotency: lock", IdempotencyQueries.lock(claim)),
            StatementSample("idempotency: stored", IdempotencyQueries.stored(claim)),
            StatementSample("idempotency: store", IdempotencyQueries.store(claim, [], answer, type: "", body: [])),
            StatementSample("idempotency: forget", IdempotencyQueries.forget(claim)),
            StatementSample("idempotency: claim", IdempotencyQueries.claim(claim, [], for: .zero)),
            StatementSample("idempotency: claimed", IdempotencyQueries.claimed(claim)),
            StatementSample("idempotency: answer", IdempotencyQueries.answer(claim, effect, answer, type: "", body: [])),
            StatementSample("idempotency: release", IdempotencyQueries.release(claim, effect)),
            StatementSample("idempotency: clean", IdempotencyQueries.clean()),
            StatementSample("outbox: publish", OutboxQueries.publish(Event("", "", nil))),
            StatementSample("outbox: wake", OutboxQueries.wake()),
            StatementSample("outbox: take", OutboxQueries.take(1)),
            StatementSample("outbox: lock", OutboxQueries.lock()),
            StatementSample("outbox: behind", OutboxQueries.behind()),
            StatementSample("outbox: backlog", OutboxQueries.backlog(of: "", 1)),
            StatementSample("outbox: put", OutboxQueries.put(entry)),
            StatementSample("outbox: set aside", OutboxQueries.setAside(of: [], now: .distantFuture, 1)),
            StatementSample("outbox: counts", OutboxQueries.counts(handlers: [])),
            StatementSample("outbox: drop", OutboxQueries.drop(entry)),
            StatementSample("outbox: dispatched", OutboxQueries.dispatched([])),
            StatementSample("outbox: clean", OutboxQueries.clean()),
            StatementSample("health: ping", HealthQueries.ping()),
            StatementSample("health: queues", HealthQueries.isAnyQueueCritical()),
        ]
    }
}
