import Postgres
import Values

/// Whose clock decides what is due. The database's is the same for every instance; tests bring their own.
package struct JobClock: Sendable {
    private let clock: Clock?

    package static let database = JobClock(clock: nil)

    package static func injected(_ clock: Clock) -> JobClock { JobClock(clock: clock) }

    /// The present as it stands in a statement.
    var now: SQL {
        guard let clock else { return "statement_timestamp()" }
        return "\(clock.now())"
    }
}
