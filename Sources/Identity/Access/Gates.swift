import Postgres
import Service
import Telemetry
import Values

/// The door to the gates that products close on their scopes.
package final class Gates: Sendable {
    private let database: Database
    let locks: ScopeLocks
    private let clock: Clock
    private let mirror: Mirror

    init(database: Database, locks: ScopeLocks, authenticator: BearerAuthenticator, clock: Clock, log: Log) {
        self.database = database
        self.locks = locks
        self.clock = clock
        mirror = Mirror("gates", of: database, log: log) {
            let rows = try await database.all(SessionQueries.locks())
            return {
                let hadNone = locks.isEmpty
                locks.replaceAll(Dictionary(rows.map { ($0.scope, $0.lock) }) { $1 })
                // Who was remembered without any lock was remembered without what stands above his grants.
                if hadNone, !locks.isEmpty { authenticator.forget(.everything) }
            }
        }
    }

    /// Closes a scope, in the caller's transaction: whoever acts by a right that comes from it is answered with the
    /// lock's status and code.
    package func close(_ scope: Scope, _ lock: ScopeLock) async throws {
        try await database.execute(GateQueries.close(scope, lock, at: clock.now()))
        reloadAfterCommit()
    }

    package func open(_ scope: Scope) async throws {
        try await database.execute(GateQueries.open(scope))
        reloadAfterCommit()
    }

    /// Reads all gates anew.
    package func reload() async throws { try await mirror.reload() }

    /// Has all gates read anew: after a notification, or when one may have been missed. Called on a loop.
    func refresh() { mirror.refresh() }

    private func reloadAfterCommit() {
        database.afterCommit { [mirror] in mirror.refresh() }
    }
}
