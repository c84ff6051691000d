import Postgres
import Service
import Values

/// The SQL of `settings.commission_configs`; there are hundreds of rows, tens of them active.
enum CommissionQueries {
    private static let columns: SQL = "basis, key, rate, fixed, minimum, maximum"

    /// commission_configs_active
    static func active(of product: String) -> Statement<CommissionRule> {
        Statement(
            """
            select \(columns) from settings.commission_configs where product = \(product) and is_active
            order by basis, key
            """)
    }

    /// The key's own rule before that of all keys. commission_configs_active
    static func find(_ product: String, _ basis: String, _ key: String) -> Statement<CommissionRule> {
        Statement(
            """
            select \(columns) from settings.commission_configs
            where product = \(product) and basis = \(basis) and key in (\(key), '*') and is_active
            order by key = '*' limit 1
            """)
    }

    static func lock(_ product: String) -> Statement<Bool> {
        Statement("select pg_advisory_xact_lock(hashtextextended('settings.commission:' || \(product)::text, 0)) is not null")
    }

    static func retire(_ product: String, at now: Instant) -> Command {
        Command(
            """
            update settings.commission_configs set is_active = false, updated_at = \(now)
            where product = \(product) and is_active
            """)
    }

    static func insert(_ rules: [CommissionRule], of product: String, at now: Instant) -> Command {
        Command(
            """
            insert into settings.commission_configs (id, created_at, updated_at, product, basis, key, rate, fixed, minimum,
                maximum)
            select r.id, \(now), \(now), \(product), r.basis, r.key, r.rate, r.fixed, r.minimum, r.maximum
            from unnest(\(rules.map { _ in UUID.v7() })::uuid[], \(rules.map(\.basis))::text[], \(rules.map(\.key))::text[],
                \(rules.map { "\($0.rate)" })::text[]::numeric[], \(rules.map { Int($0.fixed) })::bigint[],
                \(rules.map { Int($0.minimum) })::bigint[], \(rules.map { $0.maximum.map { "\($0)" } ?? "" })::text[])
              as given(id, basis, key, rate, fixed, minimum, most)
            cross join lateral (select given.id, given.basis, given.key, given.rate, given.fixed, given.minimum,
                nullif(given.most, '')::bigint as maximum) r
            """)
    }
}
