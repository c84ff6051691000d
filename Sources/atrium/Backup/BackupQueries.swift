import Postgres

/// What a backup asks of the database beside its dump.
enum BackupQueries {
    /// Lets pg_dump see what this transaction sees (manual, 9.28.5).
    static func snapshot() -> Statement<String> { Statement("select pg_export_snapshot()", .report) }

    /// A large database takes its time; for this transaction alone.
    static func unlimited() -> Statement<String> {
        Statement(
            """
            select set_config('statement_timeout', '0', true)
                || set_config('idle_in_transaction_session_timeout', '0', true)
            """, .report)
    }

    static func serverVersion() -> Statement<String> { Statement("select current_setting('server_version')") }

    /// Every table with its rows, in one statement.
    static func tables() -> Statement<TableCount> {
        Statement(
            """
            select t.schemaname || '.' || t.tablename,
                (xpath('/row/n/text()', query_to_xml(
                    format('select count(*) as n from %I.%I', t.schemaname, t.tablename), false, true, '')))[1]::text::bigint
            from pg_catalog.pg_tables t
            where t.schemaname not in ('pg_catalog', 'information_schema') order by 1
            """, .report)
    }

    static func tableCount() -> Statement<Int> {
        Statement("select count(*) from pg_catalog.pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
    }

    static var samples: [StatementSample] {
        [
            StatementSample("snapshot", snapshot()), StatementSample("no limits", unlimited()),
            StatementSample("version", serverVersion()), StatementSample("tables", tables()),
            StatementSample("number of tables", tableCount()),
        ]
    }
}

/// A table and its rows.
struct TableCount: Row {
    let name: String
    let rows: Int

    init(_ row: inout RowReader) throws {
        name = try row.next()
        rows = try row.next()
    }
}
