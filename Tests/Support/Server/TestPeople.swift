import JSON
import Postgres
import Runtime
import Service
import Values

/// People of a test, known by a word as their token: their accounts and grants are rows, so that modules that look into
/// Identity's tables find them there.
package struct TestPeople: Authenticator {
    private struct Person {
        let id = UUID.v7()
        var grants: [Grant] = []
    }

    private var people: [String: Person] = [:]
    private var roles: [String: Role] = [:]

    package init() {}

    package mutating func add(_ name: String) { people[name] = people[name] ?? Person() }

    /// - Parameter role: of some module; all who have it share its permissions.
    package mutating func add(_ name: String, _ role: Role, on scope: Scope) {
        add(name)
        roles[role.name] = role
        people[name]?.grants.append(
            Grant(role: role.name, level: role.level, scope: scope, permissions: PermissionSet(role: role.permissions)))
    }

    package subscript(name: String) -> UUID {
        guard let person = people[name] else { preconditionFailure("nobody is called \(name)") }
        return person.id
    }

    /// A member of a body.
    package func text(_ name: String) -> JSONValue { .string(self[name].description) }

    /// Everybody whose roles these people have.
    package var allRoles: [Role] { roles.values.sorted { $0.name < $1.name } }

    /// Writes the rows.
    package func settle(_ database: Database) async throws {
        for role in allRoles {
            try await database.execute(
                Command(
                    """
                    insert into identity.roles (name, title, scope_types, level, permissions)
                    values (\(role.name), \(role.title), \(role.scopeTypes.map(\.name)), \(role.level),
                        \(role.permissions.map(\.code)))
                    on conflict (name) do nothing
                    """))
        }
        for (name, person) in people.sorted(by: { $0.key < $1.key }) {
            let address = name.replacing(" ", with: ".") + "@example.com"
            try await database.execute(
                Command(
                    """
                    insert into identity.users (id, email, first_name, last_name, status)
                    values (\(person.id), \(address), \(name), 'Test', 'active')
                    """))
            for grant in person.grants {
                try await database.execute(
                    Command(
                        """
                        insert into identity.grants (id, user_id, role, scope_type, scope_id)
                        values (\(UUID.v7()), \(person.id), \(grant.role), \(grant.scope.type.name), \(grant.scope.id))
                        """))
            }
        }
    }

    package func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    package func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        guard let person = people[token] else { return nil }
        return Principal(
            kind: .user, userID: person.id, name: token, grants: person.grants, sessionID: nil, expiresAt: .distantFuture)
    }
}
