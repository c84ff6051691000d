import Postgres
import Service
import Values

/// The SQL of `settings.address_rules`; there are at most a thousand rows.
enum AddressQueries {
    private static let columns: SQL = "id, created_at, updated_at, kind, network::text, note"

    static func all() -> Statement<AddressEntry> {
        Statement("select \(columns) from settings.address_rules order by network")
    }

    static func list(_ kind: AddressEntry.Kind?, _ page: PageRequest) -> Statement<AddressEntry> {
        let order: SQL =
            switch (page.sort, page.isDescending) {
            case ("createdAt", false): "id"
            case ("createdAt", true): "id desc"
            case (_, true): "network desc"
            default: "network"
            }
        return Statement(
            """
            select \(columns) from settings.address_rules where \(matching(kind))
            order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ kind: AddressEntry.Kind?) -> Statement<Int> {
        Statement("select count(*) from settings.address_rules where \(matching(kind))")
    }

    private static func matching(_ kind: AddressEntry.Kind?) -> SQL {
        guard let kind else { return "true" }
        return "kind = \(kind)"
    }

    static func find(_ id: ID<AddressEntry>) -> Statement<AddressEntry> {
        Statement("select \(columns) from settings.address_rules where id = \(id)")
    }

    /// Whether somebody shuts himself out hangs on all rules together, so their changes follow one another.
    static func lockAll() -> Statement<Bool> {
        Statement("select pg_advisory_xact_lock(hashtextextended('settings.address_rules', 0)) is not null")
    }

    /// Host bits are dropped.
    static func insert(_ rule: AddressEntry) -> Statement<AddressEntry> {
        Statement(
            """
            insert into settings.address_rules (id, created_at, updated_at, kind, network, note)
            values (\(rule.id), \(rule.createdAt), \(rule.updatedAt), \(rule.kind), network(\(rule.network)::text::inet),
                \(rule.note))
            returning \(columns)
            """)
    }

    static func save(_ rule: AddressEntry) -> Statement<AddressEntry> {
        Statement(
            """
            update settings.address_rules set updated_at = \(rule.updatedAt), kind = \(rule.kind),
                network = network(\(rule.network)::text::inet), note = \(rule.note)
            where id = \(rule.id)
            returning \(columns)
            """)
    }

    static func delete(_ id: ID<AddressEntry>) -> Command {
        Command("delete from settings.address_rules where id = \(id)")
    }
}
