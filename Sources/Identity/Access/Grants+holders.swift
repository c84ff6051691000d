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
        let rows = try await database.all(GrantQueries.onPlatform())
        return Dictionary(grouping: rows, by: \.holder).compactMap { holder, rows in
            let sets = rows.compactMap { roles.grant($0.grant)?.permissions }
            let isDenied = sets.contains { $0.denies(permission) }
            return !isDenied && sets.contains { $0.allows(permission) } ? holder : nil
        }.sorted { $0.id < $1.id }
    }
}

extension GrantQueries {
    /// Every grant on the platform of those who may act. grants_scope_idx
    static func onPlatform() -> Statement<PlatformGrantRow> {
        Statement(
            """
            select g.user_id, u.email, g.role, g.permissions from identity.grants g
            join identity.users u on u.id = g.user_id
            where g.scope_type = 'platform' and g.revoked_at is null and u.status = 'active'
            order by g.user_id
            """)
    }
}

/// A grant on the platform, and whose it is.
struct PlatformGrantRow: Row {
    let holder: PermissionHolder
    let grant: StoredGrant

    init(_ row: inout RowReader) throws {
        holder = PermissionHolder(id: try row.next(), email: try row.next())
        grant = StoredGrant(role: try row.next(), scope: .platform, codes: try row.next())
    }
}
