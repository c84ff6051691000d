import Postgres
import Service
import Values

extension IdentityModule {
    /// Ends the suspensions whose time is over; answers how many.
    package func liftSuspensions() async throws -> Int {
        let lifted = try await database.transaction { _ in
            let lifted = try await database.all(UserQueries.liftSuspensions(at: clock.now()))
            for user in lifted {
                await audit.record(AuditEntry("user_reactivated", "user", user.id.description), by: .system)
                try await users.outbox.publish(.reactivated, of: user.id)
                grants.forget(user.id)
            }
            return lifted
        }
        return lifted.count
    }

    /// Makes the next signing key when the current one is old, and drops those that no token can name.
    package func rotateKeys() async throws {
        try await keys.rotate()
        try await keys.purge()
    }

    /// Deletes what has been over for long enough (0-platform, 5.2), some of each at a time.
    package func cleanUp() async throws {
        let now = clock.now()
        try await database.execute(RefreshTokenQueries.purge(before: now - .days(30)))
        try await database.execute(RefreshTokenQueries.purgeRevokedFamilies(at: now))
        try await database.execute(LinkQueries.purge(before: now - .days(7)))
        try await database.execute(AttemptQueries.purge(before: now - .hours(1)))
        try await database.execute(ClerkQueries.purgeEvents(before: now - .days(90)))
        try await database.execute(ClerkQueries.purgeClosed(before: now - .days(90)))
        try await database.execute(UserQueries.dropWaiting(before: now - .days(1)))
        _ = try await audit.purge(before: now - options.auditRetention)
    }
}
