import Postgres
import Values

/// What is of use for a time alone: a code, a link, word of something that passes.
extension Notifications {
    static let expired = "nobody needs it any more"

    /// Ends what has had its time: it goes out of people's lists, and messages that have not left do not leave.
    func expire() async throws {
        let now = clock.now()
        while try await database.execute(NotificationQueries.dropExpired(at: now)) == 1000 {}
        while try await failExpired(at: now) == 1000 {}
    }

    private func failExpired(at now: Instant) async throws -> Int {
        try await database.transaction { _ in
            let ids = try await database.all(NotificationQueries.failExpired(Self.expired, at: now))
            try await events.publish(.messageChanged, ids)
            try await settleCredits(of: ids, as: .returned)
            return ids.count
        }
    }
}
