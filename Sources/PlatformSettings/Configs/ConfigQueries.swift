import Postgres
import Service
import Values

/// The SQL of `settings.platform_configs`; there are tens of rows.
enum ConfigQueries {
    static func all() -> Statement<ConfigEntry> {
        Statement("select key, value, is_secret from settings.platform_configs order by key")
    }

    static func find(_ key: String) -> Statement<ConfigEntry> {
        Statement("select key, value, is_secret from settings.platform_configs where key = \(key)")
    }

    /// Changes of values follow one another: they are checked beside each other.
    static func lock() -> Statement<Bool> {
        Statement("select pg_advisory_xact_lock(hashtextextended('settings.platform_configs', 0)) is not null")
    }

    static func save(
        _ entry: ConfigEntry, category: String, isPublic: Bool, by user: UUID?, at now: Instant
    ) -> Command {
        Command(
            """
            insert into settings.platform_configs (key, value, category, is_secret, is_public, is_editable, updated_by,
                updated_at)
            values (\(entry.key), \(entry.value), \(category), \(entry.isSecret), \(isPublic), true, \(user), \(now))
            on conflict (key) do update set value = excluded.value, category = excluded.category,
                is_secret = excluded.is_secret, is_public = excluded.is_public, updated_by = excluded.updated_by,
                updated_at = excluded.updated_at
            """)
    }

    static func delete(_ keys: [String]) -> Command {
        Command("delete from settings.platform_configs where key = any(\(keys))")
    }
}
