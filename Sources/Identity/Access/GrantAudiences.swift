import Notifications
import Postgres
import Service
import Values

/// Who belongs to a scope, for messages to many: whoever has a grant there or below; to the platform everybody who has an
/// account, or who has one of the roles anywhere.
package struct GrantAudiences: Audiences {
    private let database: Database
    private let scopes: ScopeTree

    package init(_ database: Database, kinds: [ScopeKind]) {
        self.database = database
        scopes = ScopeTree(database: database, kinds: kinds)
    }

    package func path(of scope: Scope) async throws -> ScopePath { try await scopes.path(of: scope) }

    package func people(_ audience: Audience, within reach: Reach, limit: Int) async throws -> [UUID] {
        if reach.isEverything, !reach.holdsDenials, audience.roles.isEmpty {
            return try await database.all(GrantQueries.everybody(limit: limit))
        }
        return try await database.all(
            GrantQueries.people(audience.roles, within: scopes.condition(within: reach), limit: limit))
    }
}

extension GrantQueries {
    /// users_pkey
    static func everybody(limit: Int) -> Statement<UUID> {
        Statement(
            """
            select id from identity.users where status in ('pending', 'active') and deleted_at is null order by id limit \(limit)
            """)
    }

    /// grants_scope_idx
    static func people(_ roles: [String], within condition: SQL, limit: Int) -> Statement<UUID> {
        let named: SQL = roles.isEmpty ? "true" : "g.role = any(\(roles))"
        return Statement(
            """
            select distinct u.id from identity.grants g join identity.users u on u.id = g.user_id
            where g.revoked_at is null and \(named) and \(condition) and u.status in ('pending', 'active')
            order by u.id limit \(limit)
            """, .report)
    }
}
