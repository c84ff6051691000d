import Postgres
import Runtime
import Synchronization
import Telemetry

/// Keeps in memory what the database has, for what is asked on every request and changes rarely: read when the database
/// tells of a change, and whenever one may have been missed.
package final class Mirror: Sendable {
    package typealias Read = nonisolated(nonsending) @Sendable () async throws -> @Sendable () -> Void

    private let name: String
    private let database: Database
    private let log: Log
    private let read: Read
    private let state = Mutex(State())

    private struct State {
        var begun = 0
        /// The youngest read that has been taken: an older one that comes later is let go.
        var taken = 0
        var isUnderWay = false
        var isOutdated = false
    }

    /// - Parameters:
    ///   - name: what is read, for the log.
    ///   - read: reads, and answers how to take what was read. Must not hold whoever holds the mirror.
    package init(_ name: String, of database: Database, log: Log, read: @escaping Read) {
        self.name = name
        self.database = database
        self.log = log
        self.read = read
    }

    /// Reads now; what holds then, or something younger, is in memory when this returns.
    package func reload() async throws {
        let ticket = state.withLock { state in
            state.begun += 1
            return state.begun
        }
        let take = try await read()
        state.withLock { state in
            guard ticket > state.taken else { return }
            state.taken = ticket
            take()
        }
    }

    /// Has it read anew soon; a database that does not answer is asked again until it does. Called on a loop.
    package func refresh() {
        guard let loop = EventLoop.current else { preconditionFailure("not on a loop") }
        let mustBegin = state.withLock { state in
            state.isOutdated = true
            defer { state.isUnderWay = true }
            return !state.isUnderWay
        }
        guard mustBegin else { return }
        loop.spawn { [weak self] in
            // Nobody cancels this task; a sleep cut short would only ask again sooner.
            while await self?.catchUp() == false { try? await loop.sleep(for: .seconds(1)) }
        }
    }

    /// Something has been changed by whoever calls: read as soon as that is committed, before this returns if it is.
    package func changed() async {
        if database.isInTransaction { return database.afterCommit { [self] in refresh() } }
        do { try await reload() } catch { refresh() }
    }

    /// Reads until nothing has changed since; false when the database did not answer.
    private func catchUp() async -> Bool {
        while mustRead() {
            do {
                try await reload()
            } catch {
                log.warning(
                    "what is kept in memory was not read; it is read again in a second",
                    ["what": .text(name), "error": .error(error)])
                state.withLock { $0.isOutdated = true }
                return false
            }
        }
        return true
    }

    private func mustRead() -> Bool {
        state.withLock { state in
            defer { state.isOutdated = false }
            state.isUnderWay = state.isOutdated
            return state.isOutdated
        }
    }
}
