import Postgres
import Runtime
import Service
import Synchronization
import Telemetry
import Values

/// The door to the gates that products close on their scopes.
package final class Gates: Sendable {
    private let database: Database
    let locks: ScopeLocks
    private let authenticator: BearerAuthenticator
    private let clock: Clock
    private let log: Log
    private let refreshing = Mutex(Refreshing())

    /// Reads follow one another, so that an earlier state of the table never replaces a later one.
    private struct Refreshing {
        var isUnderWay = false
        var isOutdated = false
    }

    init(database: Database, locks: ScopeLocks, authenticator: BearerAuthenticator, clock: Clock, log: Log) {
        self.database = database
        self.locks = locks
        self.authenticator = authenticator
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
        let hadNone = locks.isEmpty
        locks.replaceAll(Dictionary(rows.map { ($0.scope, $0.lock) }) { $1 })
        // Who was remembered without any lock was remembered without what stands above his grants.
        if hadNone, !locks.isEmpty { authenticator.forget(.everything) }
    }

    /// Has all gates read anew: after a notification, or when one may have been missed. A database that does not
    /// answer is asked again until it does. Called on a loop.
    func refresh() {
        guard let loop = EventLoop.current else { preconditionFailure("not on a loop") }
        let mustBegin = refreshing.withLock { refreshing in
            refreshing.isOutdated = true
            defer { refreshing.isUnderWay = true }
            return !refreshing.isUnderWay
        }
        guard mustBegin else { return }
        loop.spawn { [weak self] in
            // Nobody cancels this task; a sleep cut short would only ask again sooner.
            while await self?.catchUp() == false { try? await loop.sleep(for: .seconds(1)) }
        }
    }

    /// Reads until nothing has changed since; false when the database did not answer.
    private func catchUp() async -> Bool {
        while mustRead() {
            do {
                try await reload()
            } catch {
                log.warning("gates were not read; they are read again in a second", ["error": .error(error)])
                refreshing.withLock { $0.isOutdated = true }
                return false
            }
        }
        return true
    }

    private func mustRead() -> Bool {
        refreshing.withLock { refreshing in
            defer { refreshing.isOutdated = false }
            refreshing.isUnderWay = refreshing.isOutdated
            return refreshing.isOutdated
        }
    }

    private func reloadAfterCommit() {
        database.afterCommit { [self] in refresh() }
    }
}
