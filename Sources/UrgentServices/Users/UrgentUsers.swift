import Postgres
import Service

/// The door of those who use the board.
package struct UrgentUsers: Sendable {
    let database: Database

    func profile(_ id: Int) async throws -> Profile { try await found(UserQueries.profile(id)) }

    func preferences(_ id: Int) async throws -> Preferences { try await found(UserQueries.preferences(id)) }

    func save(_ preferences: Preferences, of id: Int) async throws {
        try await database.execute(UserQueries.save(preferences, of: id))
    }

    func notificationSettings(_ id: Int) async throws -> NotificationSettingsView {
        try await found(UserQueries.notificationSettings(id))
    }

    func save(_ body: NotificationSettingsBody, of id: Int) async throws {
        try await database.execute(UserQueries.save(body, of: id))
    }

    /// Refuses somebody who is blocked: he may read, and change nothing.
    func refuseBlocked(_ id: Int) async throws {
        if try await standing(id).isBlocked { throw UrgentProblem.userBlocked }
    }

    /// Refuses whoever is not staff, or, where only administrators may, not one of them; by the row as it is now.
    @discardableResult
    func staff(_ id: Int, admin: Bool = false) async throws -> UrgentRole {
        let standing = try await standing(id)
        guard standing.role == .admin || standing.role == .moderator && !admin else { throw UrgentProblem.staffOnly }
        return standing.role
    }

    /// Locks the row: orders of one client come one after another.
    func lock(_ id: Int) async throws -> UserStanding { try await found(UserQueries.lock(id)) }

    private func standing(_ id: Int) async throws -> UserStanding { try await found(UserQueries.standing(id)) }

    private func found<T: Row>(_ statement: Statement<T>) async throws -> T {
        // He was there a moment ago, when he proved who he is.
        guard let row = try await database.first(statement) else { throw UrgentProblem.notAuthenticated }
        return row
    }
}
