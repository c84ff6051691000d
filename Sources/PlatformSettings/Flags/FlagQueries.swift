import Postgres
import Service
import Values

/// The SQL of `settings.feature_flags`; there are hundreds of rows.
enum FlagQueries {
    private static let columns: SQL = """
        id, created_at, updated_at, key, name, description, category, is_enabled, rollout_percentage, environments,
        enabled_for
        """

    static func all() -> Statement<FeatureFlag> {
        Statement("select \(columns) from settings.feature_flags order by key")
    }

    static func list(_ filter: FlagFilter, _ page: PageRequest) -> Statement<FeatureFlag> {
        let order: SQL =
            switch (page.sort, page.isDescending) {
            case ("createdAt", false): "id"
            case ("createdAt", true): "id desc"
            case (_, true): "key desc"
            default: "key"
            }
        return Statement(
            """
            select \(columns) from settings.feature_flags where \(matching(filter))
            order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: FlagFilter) -> Statement<Int> {
        Statement("select count(*) from settings.feature_flags where \(matching(filter))")
    }

    private static func matching(_ filter: FlagFilter) -> SQL {
        var sql: SQL = "true"
        if let category = filter.category { sql = "\(sql) and category = \(category)" }
        if let isEnabled = filter.isEnabled { sql = "\(sql) and is_enabled = \(isEnabled)" }
        if let text = filter.q { sql = "\(sql) and position(lower(\(text)) in lower(key || ' ' || name)) > 0" }
        return sql
    }

    static func find(_ id: ID<FeatureFlag>) -> Statement<FeatureFlag> {
        Statement("select \(columns) from settings.feature_flags where id = \(id)")
    }

    static func lock(_ id: ID<FeatureFlag>) -> Statement<FeatureFlag> {
        Statement("select \(columns) from settings.feature_flags where id = \(id) for update")
    }

    static func insert(_ flag: FeatureFlag) -> Command {
        Command(
            """
            insert into settings.feature_flags (id, created_at, updated_at, key, name, description, category, is_enabled,
                rollout_percentage, environments, enabled_for)
            values (\(flag.id), \(flag.createdAt), \(flag.updatedAt), \(flag.key), \(flag.name), \(flag.description),
                \(flag.category), \(flag.isEnabled), \(flag.rolloutPercentage),
                \(flag.environments.map(\.rawValue)), \(flag.enabledFor))
            """)
    }

    static func save(_ flag: FeatureFlag) -> Command {
        Command(
            """
            update settings.feature_flags set updated_at = \(flag.updatedAt), name = \(flag.name),
                description = \(flag.description), category = \(flag.category), is_enabled = \(flag.isEnabled),
                rollout_percentage = \(flag.rolloutPercentage), environments = \(flag.environments.map(\.rawValue)),
                enabled_for = \(flag.enabledFor)
            where id = \(flag.id)
            """)
    }

    static func delete(_ id: ID<FeatureFlag>) -> Command {
        Command("delete from settings.feature_flags where id = \(id)")
    }
}
