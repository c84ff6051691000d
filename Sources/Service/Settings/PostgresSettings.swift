import Postgres

/// PostgreSQL: which, and how much of it this process may take.
package enum PostgresSettings {
    package static let url = Setting<String?>(
        "DATABASE_URL", "database.url", default: nil, .postgres, secret: true, requiredInProduction: true,
        meaning: "postgresql:// address of the database. Left out: a private cluster below DATA_DIR.")
    package static let poolMax = Setting<Int>(
        "DB_POOL_MAX", "database.poolMax", default: 20, .range(4...1000),
        meaning: "Connections of this process, divided over its loops.")
    package static let poolMin = Setting<Int>(
        "DB_POOL_MIN", "database.poolMin", default: 2, .range(0...1000),
        meaning: "Connections for writes of this process that stay open when nobody needs them, divided over its loops.",
        conflict: { least, settings in least > settings[poolMax] ? "must not be more than DB_POOL_MAX" : nil })
    package static let totalMax = Setting<Int>(
        "DB_TOTAL_MAX", "database.totalMax", default: 90, .range(5...10_000),
        meaning: "Connections of all processes on one database together, below its max_connections; a process that makes them more says so at its start.")
    package static let readLanes = Setting<Int>(
        "DB_READ_LANES", "database.readLanes", default: 2, .range(1...16),
        meaning: "Connections of each loop that carry the reads of many requests at once.")
    package static let statementTimeout = Setting<Milliseconds>(
        "DB_STATEMENT_TIMEOUT_MS", "database.statementTimeout", default: 15000, .range(100...3_600_000),
        meaning: "PostgreSQL stops a statement after this time.")
    package static let idleTransactionTimeout = Setting<Milliseconds>(
        "DB_IDLE_TRANSACTION_TIMEOUT_MS", "database.idleTransactionTimeout", default: 30000, .range(1000...3_600_000),
        meaning: "PostgreSQL ends a transaction that does nothing for this time.")

    package static let rows: [any SettingRow] = [
        url, poolMin, poolMax, totalMax, readLanes, statementTimeout, idleTransactionTimeout,
    ]
}

extension SettingCheck where Value == String? {
    fileprivate static var postgres: SettingCheck {
        SettingCheck { url in
            guard let url else { return nil }
            // libpq's other spelling: host=… dbname=…
            let isURL = url.hasPrefix("postgresql://") || url.hasPrefix("postgres://")
            guard isURL || url.contains("=") && !url.contains("://") else { return "must begin with postgresql://" }
            // libpq's reason may quote the password.
            return (try? ConnectionSettings(url)) == nil ? "is no connection string of PostgreSQL" : nil
        }
    }
}
