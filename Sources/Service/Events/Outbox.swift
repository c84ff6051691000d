import Postgres
import Runtime
import Telemetry
import Values

/// The outbox: where modules leave what has happened, and from where it is handed to those who listen.
package final class Outbox: Sendable {
    static let batch = 100
    private let database: Database
    private let log: Log

    package init(database: Database, log: Log) {
        self.database = database
        self.log = log
    }

    /// Leaves an event in the outbox. Called inside the transaction that makes it true.
    package func publish(_ event: Event) async throws {
        _ = try await database.execute(OutboxQueries.publish(event))
        _ = try await database.first(OutboxQueries.wake())
    }

    /// Leaves the same event of many objects in the outbox, without data.
    package func publish(_ name: String, _ objectType: String, of objects: [UUID]) async throws {
        _ = try await database.execute(OutboxQueries.publish(name, objectType, of: objects))
        _ = try await database.first(OutboxQueries.wake())
    }

    /// Hands what waits to the handlers, oldest first.
    ///
    /// A handler that throws is logged and called again with the rest of its batch in the next round.
    ///
    /// - Returns: how many events were handed over.
    package func dispatch(to handlers: [EventHandler]) async throws -> Int {
        try await database.transaction { _ in
            let rows = try await database.all(OutboxQueries.take(Outbox.batch))
            if rows.isEmpty { return 0 }
            var done: [Int] = []
            for row in rows {
                guard await deliver(row.event, to: handlers) else { break }
                done.append(row.id)
            }
            _ = try await database.execute(OutboxQueries.dispatched(done))
            return done.count
        }
    }

    private func deliver(_ event: Event, to handlers: [EventHandler]) async -> Bool {
        for handler in handlers where handler.events.contains(event.name) {
            do {
                try await database.transaction { _ in try await handler.run(event) }
            } catch {
                log.error("an event handler failed", ["handler": .text(handler.name), "event": .text(event.name), "error": .text("\(error)")])
                return false
            }
        }
        return true
    }

    package func clean() async throws { _ = try await database.execute(OutboxQueries.clean()) }
}
