import Postgres
import Service

/// The SQL of `identity.roles`; there are tens of them.
enum RoleQueries {
    /// Of `identity.roles r`; the holders by grants_role_idx.
    private static let columns: SQL = """
        r.name, r.product, r.title, r.description, r.scope_types, r.level, r.permissions, r.is_system,
        (select count(*) from identity.grants g where g.role = r.name and g.revoked_at is null)
        """

    static func made() -> Statement<RoleRecord> {
        Statement("select \(columns) from identity.roles r where not r.is_system order by r.name")
    }

    static func list(_ search: String?, _ page: PageRequest) -> Statement<RoleRecord> {
        let order: SQL =
            switch (page.sort, page.isDescending) {
            case ("level", false): "r.level, r.name"
            case ("level", true): "r.level desc, r.name"
            case (_, true): "r.name desc"
            default: "r.name"
            }
        return Statement(
            """
            select \(columns) from identity.roles r where \(matching(search))
            order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ search: String?) -> Statement<Int> {
        Statement("select count(*) from identity.roles r where \(matching(search))")
    }

    private static func matching(_ search: String?) -> SQL {
        guard let search else { return "true" }
        return "position(lower(\(search)) in lower(r.name || ' ' || r.title)) > 0"
    }

    static func find(_ name: String) -> Statement<RoleRecord> {
        Statement("select \(columns) from identity.roles r where r.name = \(name)")
    }

    static func lock(_ name: String) -> Statement<String> {
        Statement("select r.name from identity.roles r where r.name = \(name) for update")
    }

    /// Nothing where there is one of that name.
    static func insert(_ role: RoleDraft) -> Command {
        Command(
            """
            insert into identity.roles (name, title, description, scope_types, level, permissions, is_system)
            values (\(role.name), \(role.title), \(role.description), \(role.scopeTypes), \(role.level),
                \(role.permissions), false)
            on conflict (name) do nothing
            """)
    }

    static func save(_ role: RoleDraft) -> Command {
        Command(
            """
            update identity.roles set title = \(role.title), description = \(role.description),
                scope_types = \(role.scopeTypes), level = \(role.level), permissions = \(role.permissions)
            where name = \(role.name) and not is_system
            """)
    }

    static func forgetEnded(_ name: String) -> Command {
        Command("delete from identity.grants where role = \(name) and revoked_at is not null")
    }

    static func delete(_ name: String) -> Command {
        Command("delete from identity.roles where name = \(name) and not is_system")
    }
}
