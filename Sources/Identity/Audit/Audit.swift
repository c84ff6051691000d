import JSON
import Postgres
import Synchronization
import Telemetry
import Values

/// The door to the audit trail.
package final class Audit: Sendable {
    let database: Database
    let clock: Clock
    private let log: Log
    private let failures = Atomic<Int>(0)

    package init(database: Database, clock: Clock, log: Log) {
        self.database = database
        self.clock = clock
        self.log = log
    }

    /// Rows that could not be written since the start; anything but zero is an alarm.
    package var failureCount: Int { failures.load(ordering: .relaxed) }

    /// Writes a row, in the transaction of the change when there is one, inside a savepoint: a trail that cannot be
    /// written is logged and alarmed and never breaks what it records (0-platform, 4.4).
    package func record(_ entry: AuditEntry, by actor: AuditActor) async { await record([entry], by: actor) }

    /// Writes rows in one round trip: all or, where one cannot be written, none.
    package func record(_ entries: [AuditEntry], by actor: AuditActor) async {
        let now = clock.now()
        let commands = entries.map { AuditQueries.insert($0, by: actor, id: .new(), at: now) }
        do {
            try await database.transaction { _ in try await database.write(commands) }
        } catch {
            failures.add(entries.count, ordering: .relaxed)
            guard let entry = entries.first else { return }
            log.error(
                "an audit row was not written",
                [
                    "rows": LogValue(entries.count),
                    "action": .text(entry.action), "object": .text(entry.objectType),
                    "object_id": .text(entry.objectID ?? ""), "actor_id": .text(actor.id?.description ?? ""),
                    "actor_kind": .text(actor.kind.rawValue), "request_id": .text(actor.requestID ?? ""),
                    "error": .error(error),
                ])
        }
    }
}
