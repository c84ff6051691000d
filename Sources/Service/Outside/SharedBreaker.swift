import Postgres
import Telemetry
import Values

/// A breaker that all instances share: after five failures within a minute nobody asks the service for a minute, then one
/// call of one instance tries. What it knows stands in the database. For services whose failures cost much, as those that
/// move money.
package struct SharedBreaker: Sendable {
    static let failures = 5
    static let window = Duration.seconds(60)
    static let rest = Duration.seconds(60)

    let service: String
    let database: Database
    let clock: Clock
    private let log: Log

    package init(_ service: String, database: Database, clock: Clock = .system, log: Log) {
        self.service = service
        self.database = database
        self.clock = clock
        self.log = log.with(["service": .text(service)])
    }

    /// Does what asks the service. What `body` throws as `OutsideFailure` counts against the service; any other error is an
    /// answer that was not liked.
    ///
    /// Throws `OutsideFailure.resting` without a try while the service is left alone, and `AskedInTransaction`.
    package func ask<T: Sendable>(
        _ body: nonisolated(nonsending) @Sendable () async throws -> T
    ) async throws -> T {
        if database.isInTransaction { throw AskedInTransaction() }
        let leave = try await admit()
        do {
            let answer = try await body()
            try await answered(leave)
            return answer
        } catch let failure as OutsideFailure {
            log.warning("an outside service failed", ["error": .text(failure.description)])
            if try await failed(leave) { log.error("an outside service is left alone for a minute") }
            throw failure
        } catch {
            try await answered(leave)
            throw error
        }
    }

    /// How a call may go on.
    enum Leave { case free, trial }

    /// Throws `OutsideFailure.resting` while the service is left alone.
    func admit() async throws -> Leave {
        guard let health = try await database.first(OutsideQueries.health(of: service)), health.state != .closed else {
            return .free
        }
        guard let openedAt = health.openedAt, openedAt + Self.rest <= clock.now() else { throw OutsideFailure.resting }
        // Of all that find the minute over, on whichever instance, one tries. A trial that died with its process is over
        // after another minute.
        guard try await database.execute(OutsideQueries.tryAgain(service, now: clock.now())) == 1 else {
            throw OutsideFailure.resting
        }
        return .trial
    }

    /// - Returns: whether the service is left alone because of this.
    private func failed(_ leave: Leave) async throws -> Bool {
        let statement =
            leave == .trial
            ? OutsideQueries.failedTrial(service, now: clock.now()) : OutsideQueries.failed(service, now: clock.now())
        return try await database.first(statement) ?? false
    }

    private func answered(_ leave: Leave) async throws {
        guard leave == .trial else { return }
        try await database.execute(OutsideQueries.recovered(service))
    }
}
