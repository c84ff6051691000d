import Postgres
import Runtime
import Service
import Telemetry
import Values

/// The door to the gates that products close on their scopes.
package final class Gates: Sendable {
    private let database: Database
    let locks: ScopeLocks
    private let clock: Clock
    private let log: Log

    init(database: Database, locks: ScopeLocks, clock: Clock, log: Log) {
        self.database = database
        self.locks = locks
        self.clock = clock
        self.log = log
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
    package func reload() async throws {
        let rows = try await database.all(SessionQueries.locks())
        locks.replaceAll(Dictionary(rows.map { ($0.scope, $0.lock) }) { $1 })
    }

    /// After a notification; a database that is away will be asked again when it is back.
    func reloadQuietly() async {
        do {
            try await reload()
        } catch {
            log.warning("gates were not read", ["error": .error(error)])
        }
    }

    private func reloadAfterCommit() {
        database.afterCommit { [self] in
            EventLoop.current?.spawn { await self.reloadQuietly() }
        }
    }
}
