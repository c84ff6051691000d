import Postgres
import Service
import Values

/// Somebody who holds a permission on the platform.
package struct PermissionHolder: Sendable, Hashable {
    package let id: UUID
    package let email: String?
}

extension Grants {
    /// Active people who hold a permission on the whole platform, for notices to those who look after something.
    package func holders(of permission: Permission) async throws -> [PermissionHolder] {
        try await holders(of: permission, by: .platform)
    }

    /// Active people who hold a permission by a grant on this very scope: those whom it is about, not who looks after many.
    package func holders(of permission: Permission, by scope: Scope) async throws -> [PermissionHolder] {
        let rows = try await database.all(GrantQueries.grants(on: scope))
        return Dictionary(grouping: rows, by: \.holder).compactMap { holder, rows in
            let sets = rows.compactMap { roles.grant($0.grant)?.permissions }
            let isDenied = sets.contains { $0.denies(permission) }
            return !isDenied && sets.contains { $0.allows(permission) } ? holder : nil
        }.sorted { $0.id < $1.id }
    }
}

extension GrantQueries {
    /// Every grant on a scope of those who may act. grants_scope_idx
    static func grants(on scope: Scope) -> Statement<HolderRow> {
        Statement(
            """
            select g.user_id, u.email, g.role, g.scope_type, g.scope_id, g.permissions from identity.grants g
            join identity.users u on u.id = g.user_id
            where g.scope_type = \(scope.type.name) and g.scope_id is not distinct from \(scope.id)
                and g.revoked_at is null and u.status = 'active'
            order by g.user_id
            """)
    }
}

/// A grant, and whose it is.
struct HolderRow: Row {
    let holder: PermissionHolder
    let grant: StoredGrant

    init(_ row: inout RowReader) throws {
        holder = PermissionHolder(id: try row.next(), email: try row.next())
        let role: String = try row.next()
        let scope = Scope(ScopeType(try row.next()), try row.next() as UUID?)
        grant = StoredGrant(role: role, scope: scope, codes: try row.next())
    }
}
