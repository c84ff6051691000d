import CPostgres
import Runtime

/// Brings a database's schema up to date: each migration in a transaction of its own together with its row in
/// `api.schema_migrations`, all under an advisory lock, so that several processes may start at once.
package struct Migrator: Sendable {
    /// Taken for the life of the connection: "atrium" in ASCII.
    private static let lock = 0x6174_7269_756d

    private let database: Database
    private let migrations: [Migration]

    package init(_ database: Database, _ migrations: [Migration]) {
        self.database = database
        self.migrations = migrations
    }

    /// What has been applied and what would be: `migrate --dry-run`. Changes nothing.
    package func status() async throws -> MigrationStatus {
        try await connected { connection in
            let table = try await connection.run("select to_regclass('api.schema_migrations')")
            let exists = table.rows.first?.first ?? nil
            return try await MigrationStatus(
                applied: exists == nil ? [] : applied(connection), migrations: migrations)
        }
    }

    /// Applies what is pending and answers it; `progress` is told before each.
    @discardableResult
    package func migrate(_ progress: @escaping @Sendable (Migration) -> Void = { _ in }) async throws -> [Migration] {
        try await connected { connection in
            try await connection.run("set lock_timeout = 0; select pg_advisory_lock(\(Migrator.lock))")
            try await prepare(connection)
            let status = try await MigrationStatus(applied: applied(connection), migrations: migrations)
            for migration in status.pending {
                progress(migration)
                try await apply(migration, connection)
            }
            return status.pending
        }
    }

    private func connected<T: Sendable>(
        _ body: @escaping @Sendable (PlainConnection) async throws -> T
    ) async throws -> T {
        try await database.onLoop { [database] in
            let connection = try await database.plainConnection()
            // The advisory lock goes with the connection, if that has a session of its own.
            defer { connection.close() }
            try await database.requireOwnSession(of: connection)
            return try await body(connection)
        }
    }

    private func prepare(_ connection: PlainConnection) async throws {
        try await connection.run(
            """
            create schema if not exists api;
            create table if not exists api.schema_migrations (
                version    integer     primary key,
                name       text        not null unique,
                checksum   text        not null check (checksum ~ '^[0-9a-f]{64}$'),
                applied_at timestamptz not null default now()
            )
            """)
    }

    private func applied(_ connection: PlainConnection) async throws -> [MigrationStatus.Applied] {
        try await connection.run(
            "select version, name, checksum, applied_at from api.schema_migrations order by version"
        ).rows.map { row in
            MigrationStatus.Applied(
                version: row[0].flatMap { Int($0) } ?? 0, name: row[1] ?? "", checksum: row[2] ?? "", at: row[3] ?? "")
        }
    }

    private func apply(_ migration: Migration, _ connection: PlainConnection) async throws {
        do {
            // A table in use holds a migration up for a moment only: behind a waiting lock all its users would wait.
            try await connection.run("begin; set local lock_timeout = '10s'")
            try await connection.run(migration.sql)
            guard connection.transactionStatus == PQTRANS_INTRANS else {
                throw MigrationError.endsTransaction(migration.name)
            }
            // Version, name and checksum hold digits, letters and underscores only, or an apostrophe of a file's name.
            let name = migration.name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            try await connection.run(
                """
                insert into api.schema_migrations (version, name, checksum)
                values (\(migration.version), '\(name)', '\(migration.checksum)'); commit
                """)
        } catch {
            _ = try? await connection.run("rollback")
            guard let error = error as? DatabaseError else { throw error }
            throw MigrationError.failed(migration.name, error)
        }
    }
}
