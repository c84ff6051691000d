import Postgres
import Service
import Values

/// Counts failed sign-ins, exactly and for all instances at once.
struct Attempts: Sendable {
    let database: Database
    let clock: Clock

    /// An attempt that was let through, to be answered by `failed` or `succeeded`.
    struct Attempt: Sendable {
        fileprivate let limits: [AttemptLimit]
    }

    /// Counts the attempt before the password is looked at, so that any number of simultaneous ones get no more guesses
    /// than the limit. Throws 429 when a window is full or locked, for the right password too.
    func begin(account: String, address: String) async throws -> Attempt {
        let now = clock.now()
        let limits = AttemptLimit.all(account: account, network: AttemptLimit.network(of: address))
        let counted = try await database.all(AttemptQueries.count(limits, at: now)).map(\.key)
        if counted.count == limits.count { return Attempt(limits: limits) }
        try await database.execute(AttemptQueries.takeBack(counted))
        let refusing = limits.map(\.key).filter { !counted.contains($0) }
        let end = try await database.first(AttemptQueries.lockedUntil(refusing))?.at
        // Full but not locked: the attempts that fill it have no answer yet.
        let wait = end.map { Int(($0 - now).components.seconds) + 1 } ?? 1
        throw SignInProblem.tooManyAttempts.retry(after: max(1, wait))
    }

    func failed(_ attempt: Attempt) async throws {
        try await database.execute(AttemptQueries.lockFull(attempt.limits, at: clock.now()))
    }

    /// The password was right, or its checking came to nothing: neither counts.
    func succeeded(_ attempt: Attempt, isRight: Bool = true) async throws {
        try await database.execute(AttemptQueries.takeBack(attempt.limits.map(\.key)))
        if isRight, let both = attempt.limits.first(where: { $0.key.hasPrefix("both:") }) {
            try await database.execute(AttemptQueries.forgive(both.key))
        }
    }
}
