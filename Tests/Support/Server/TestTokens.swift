import Postgres
import Runtime
import Service
import Values

/// People with permissions on the platform and an account, known by a word as their token; for modules that ask the caller what
/// he may, and not Identity's tables.
package struct TestTokens: Authenticator {
    package typealias Person = (id: UUID, permissions: [Permission])

    private let people: [String: Person]

    package init(_ people: [String: Person]) { self.people = people }

    package func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    package func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        guard let person = people[token] else { return nil }
        let grant = Grant(role: "test", level: 0, scope: .platform, permissions: PermissionSet(role: person.permissions))
        return Principal(
            kind: .user, userID: person.id, name: token, grants: person.permissions.isEmpty ? [] : [grant], sessionID: nil,
            expiresAt: .distantFuture)
    }

    /// Writes the accounts, for foreign keys and addresses.
    package func settle(_ database: Database) async throws {
        for (name, person) in people {
            try await database.execute(
                Command(
                    """
                    insert into identity.users (id, first_name, last_name, status, email)
                    values (\(person.id), \(name), '', 'active', \(name + "@example.com"))
                    """))
        }
    }
}
