import Postgres
import Service

/// A server must not meet a schema older than its statements.
enum SchemaCheck {
    struct Behind: Error, CustomStringConvertible {
        let pending: Int
        var description: String { "the database lacks \(pending) migrations; run `atrium migrate` first" }
    }

    /// Migrates; only in production, where that is somebody's decision, the start is refused instead.
    ///
    /// - Returns: whether the database was empty before.
    @discardableResult
    static func run(_ program: Program) async throws -> Bool {
        let migrations = try MigrationFolder.load()
        let migrator = Migrator(program.database, migrations)
        if program.settings[GeneralSettings.environment] == .production {
            let pending = try await migrator.status().pending
            if !pending.isEmpty { throw Behind(pending: pending.count) }
            return false
        }
        let applied = try await migrator.migrate()
        if !applied.isEmpty { program.log.info("migrated", ["migrations": .integer(Int64(applied.count))]) }
        return applied.count == migrations.count
    }
}
