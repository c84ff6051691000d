import Postgres
import Service
import Values

/// The SQL of `settings.rate_limits`; there are at most a thousand rows.
enum LimitQueries {
    private static let columns: SQL = "id, created_at, updated_at, operation, role, quantity, window_seconds, is_active"

    static func active() -> Statement<LimitEntry> {
        Statement("select \(columns) from settings.rate_limits where is_active order by operation, role")
    }

    static func list(_ search: String?, _ page: PageRequest) -> Statement<LimitEntry> {
        let order: SQL =
            switch (page.sort, page.isDescending) {
            case ("createdAt", false): "id"
            case ("createdAt", true): "id desc"
            case (_, true): "operation desc, role desc"
            default: "operation, role"
            }
        return Statement(
            """
            select \(columns) from settings.rate_limits where \(matching(search))
            order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ search: String?) -> Statement<Int> {
        Statement("select count(*) from settings.rate_limits where \(matching(search))")
    }

    private static func matching(_ search: String?) -> SQL {
        guard let search else { return "true" }
        return "position(lower(\(search)) in lower(operation || ' ' || role)) > 0"
    }

    static func find(_ id: ID<LimitEntry>) -> Statement<LimitEntry> {
        Statement("select \(columns) from settings.rate_limits where id = \(id)")
    }

    static func lock(_ id: ID<LimitEntry>) -> Statement<LimitEntry> {
        Statement("select \(columns) from settings.rate_limits where id = \(id) for update")
    }

    static func insert(_ limit: LimitEntry) -> Command {
        Command(
            """
            insert into settings.rate_limits (id, created_at, updated_at, operation, role, quantity, window_seconds,
                is_active)
            values (\(limit.id), \(limit.createdAt), \(limit.updatedAt), \(limit.operation), \(limit.role),
                \(limit.quantity), \(limit.windowSeconds), \(limit.isActive))
            """)
    }

    static func save(_ limit: LimitEntry) -> Command {
        Command(
            """
            update settings.rate_limits set updated_at = \(limit.updatedAt), operation = \(limit.operation),
                role = \(limit.role), quantity = \(limit.quantity), window_seconds = \(limit.windowSeconds),
                is_active = \(limit.isActive)
            where id = \(limit.id)
            """)
    }

    static func delete(_ id: ID<LimitEntry>) -> Command {
        Command("delete from settings.rate_limits where id = \(id)")
    }
}
