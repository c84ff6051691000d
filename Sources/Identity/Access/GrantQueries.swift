import Notifications
import Postgres
import Service
import Values

/// The SQL of `identity.grants` and `identity.roles`.
enum GrantQueries {
    private static let columns: SQL = """
        g.id, g.created_at, g.user_id, g.role, g.scope_type, g.scope_id, g.permissions, g.granted_by
        """

    /// Live grants of a user (grants_live_key), those within a condition.
    static func live(of user: ID<User>, where condition: SQL = "true") -> Statement<GrantRecord> {
        Statement(
            """
            select \(columns) from identity.grants g
            where g.user_id = \(user) and g.revoked_at is null and \(condition) order by g.id
            """)
    }

    static func live(ofAll users: [ID<User>], where condition: SQL = "true") -> Statement<GrantRecord> {
        Statement(
            """
            select \(columns) from identity.grants g
            where g.user_id = any(\(users)) and g.revoked_at is null and \(condition) order by g.id
            """)
    }

    static func find(_ id: ID<GrantRecord>, of user: ID<User>) -> Statement<GrantRecord> {
        Statement(
            """
            select \(columns) from identity.grants g
            where g.id = \(id) and g.user_id = \(user) and g.revoked_at is null
            """)
    }

    /// Those that are still live, locked until the transaction ends.
    static func lock(_ ids: [ID<GrantRecord>]) -> Statement<GrantRecord> {
        Statement(
            """
            select \(columns) from identity.grants g where g.id = any(\(ids)) and g.revoked_at is null
            order by g.id for no key update
            """)
    }

    /// Nothing comes back when the user has the role there already (grants_live_key).
    static func give(_ draft: GrantDraft, id: ID<GrantRecord>, to user: ID<User>, by giver: UUID?, at now: Instant)
        -> Statement<GrantRecord>
    {
        Statement(
            """
            insert into identity.grants as g (id, created_at, updated_at, user_id, role, scope_type, scope_id,
                permissions, granted_by)
            values (\(id), \(now), \(now), \(user), \(draft.role), \(draft.scope.type.name), \(draft.scope.id),
                \(draft.codes), \(giver))
            on conflict (user_id, role, scope_type, scope_id) where revoked_at is null do nothing
            returning \(columns)
            """)
    }

    static func change(_ id: ID<GrantRecord>, codes: [String], at now: Instant) -> Command {
        Command("update identity.grants set permissions = \(codes), updated_at = \(now) where id = \(id)")
    }

    static func withdraw(_ ids: [ID<GrantRecord>], at now: Instant) -> Statement<GrantRecord> {
        Statement(
            """
            update identity.grants g set revoked_at = \(now), updated_at = \(now)
            where g.id = any(\(ids)) and g.revoked_at is null
            returning \(columns)
            """)
    }

    static func withdraw(_ role: String, on scope: Scope, from user: ID<User>, at now: Instant) -> Statement<GrantRecord> {
        Statement(
            """
            update identity.grants g set revoked_at = \(now), updated_at = \(now)
            where g.user_id = \(user) and g.role = \(role) and g.scope_type = \(scope.type.name)
                and g.scope_id is not distinct from \(scope.id) and g.revoked_at is null
            returning \(columns)
            """)
    }

    /// grants_scope_idx
    static func withdrawAll(on scopes: [Scope], at now: Instant) -> Statement<GrantRecord> {
        Statement(
            """
            update identity.grants g set revoked_at = \(now), updated_at = \(now)
            from unnest(\(scopes.map(\.type.name))::text[], \(scopes.compactMap(\.id))::uuid[]) s (type, id)
            where g.scope_type = s.type and g.scope_id = s.id and g.revoked_at is null
            returning \(columns)
            """)
    }

    /// Of several changes that could each take away the last super administrator, one looks after the other. A lock of
    /// its own, because the answer hangs on rows of two tables.
    static func lockSuperAdmins() -> Statement<Bool> {
        Statement("select pg_advisory_xact_lock(hashtextextended('identity.super_admin', 0)) is not null")
    }

    /// grants_role_idx
    static func superAdmins() -> Statement<SuperAdminRow> {
        Statement(
            """
            select g.user_id, u.status in ('pending', 'active') from identity.grants g
            join identity.users u on u.id = g.user_id
            where g.role = 'super_admin' and g.scope_type = 'platform' and g.revoked_at is null
            """)
    }

    /// Who has one of the roles on the platform. grants_role_idx
    static func holders(of roles: [String]) -> Statement<SuperiorRow> {
        Statement(
            """
            select g.user_id, u.email from identity.grants g join identity.users u on u.id = g.user_id
            where g.role = any(\(roles)) and g.scope_type = 'platform' and g.revoked_at is null
            """)
    }

    /// grants_scope_idx, grants_role_idx
    static func holders(of role: String, on scope: Scope) -> Statement<UUID> {
        Statement(
            """
            select g.user_id from identity.grants g
            where g.role = \(role) and g.scope_type = \(scope.type.name)
                and g.scope_id is not distinct from \(scope.id) and g.revoked_at is null
            order by g.user_id
            """)
    }

    /// What the modules register is written where grants refer to it; a role of a module that is switched off stays.
    static func register(_ role: Role) -> Command {
        Command(
            """
            insert into identity.roles as r (name, product, title, scope_types, level, permissions, is_system)
            values (\(role.name), \(role.product), \(role.title), \(role.scopeTypes.map(\.name)), \(role.level),
                \(role.permissions.map(\.code)), true)
            on conflict (name) do update set product = excluded.product, title = excluded.title,
                scope_types = excluded.scope_types, level = excluded.level, permissions = excluded.permissions,
                is_system = true
            where (r.product, r.title, r.scope_types, r.level, r.permissions, r.is_system) is distinct from
                (excluded.product, excluded.title, excluded.scope_types, excluded.level, excluded.permissions, true)
            """)
    }
}

/// A holder of a role that is above somebody.
struct SuperiorRow: Row {
    let superior: Superior

    init(_ row: inout RowReader) throws {
        superior = Superior(id: try row.next(), email: try row.next())
    }
}

/// A holder of the highest role.
struct SuperAdminRow: Row {
    let user: ID<User>
    let maySignIn: Bool

    init(_ row: inout RowReader) throws {
        user = try row.next()
        maySignIn = try row.next()
    }
}
