import Postgres
import Service
import Values

/// A person's own list.
extension Notifications {
    func unreadCount(of user: UUID) async throws -> Int {
        try await database.one(NotificationQueries.unreadCount(of: user))
    }

    /// Marks one as read; nil when the user has no such notice.
    func read(_ id: ID<Notification>, by user: UUID) async throws -> NotificationRecord? {
        try await database.first(NotificationQueries.read(id, by: user, at: clock.now()))
    }

    /// Marks all as read; answers how many were not.
    func readAll(by user: UUID) async throws -> Int {
        try await database.execute(NotificationQueries.readAll(by: user, at: clock.now()))
    }

    /// Deletes a notice of the caller's list. A message that left or is to leave is no part of it: 404.
    func delete(_ id: ID<Notification>, by caller: Caller) async throws {
        let user = try caller.user()
        try await database.transaction { _ in
            guard try await database.first(NotificationQueries.lock(id, of: user)) != nil else {
                throw HouseProblem.notFound.problem
            }
            try await caller.checkMatch()
            try await database.execute(NotificationQueries.delete(id))
        }
    }

    func deleteRead(by user: UUID) async throws {
        try await database.execute(NotificationQueries.deleteRead(of: user))
    }
}
