import Postgres
import Service
import Values

extension IdentityModule {
    /// Somebody who is not there himself, with the rights that he has now: for what he has ordered to be done later. Nil when
    /// he may not sign in any more.
    package func absent(_ user: UUID) async throws -> Caller? {
        guard let found = try await users.find(ID(user)), found.status == .active else { return nil }
        let held = try await grants.live(of: found.id).map(\.stored).compactMap(book.grant)
        let principal = Principal(
            kind: .user, userID: user, name: found.name, grants: try await scopes.placing(held), sessionID: nil,
            expiresAt: .distantFuture)
        return Caller(principal: principal, locks: gates.locks, isReading: true)
    }
}
