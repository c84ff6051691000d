import Glibc
@testable import Postgres
import Runtime
import Support
import Testing
import Values

/// PgBouncer between the program and PostgreSQL.
@Suite struct PoolerTests {
    private static let program = "/usr/sbin/pgbouncer"
    private static let isThere = access(program, X_OK) == 0

    /// Runs `body` with a way to the same database through PgBouncer.
    private func pooled(
        _ mode: String, _ more: String = "", _ body: @escaping @Sendable (_ direct: Database, _ pooled: Database) async throws -> Void
    ) async throws {
        try await withDatabase(.empty) { direct in
            let folder = TestCluster.folder + "/pooler-\(UUID.v7())"
            try checked("mkdir", mkdir(folder, 0o777))
            try checked("chmod", chmod(folder, 0o777))
            let own = direct.settings.connection
            try write(
                """
                [databases]
                * = host=\(own.value(of: "host") ?? "") port=\(own.value(of: "port") ?? "5432") user=\(own.value(of: "user") ?? "")
                [pgbouncer]
                listen_port = 6432
                unix_socket_dir = \(folder)
                auth_type = any
                ignore_startup_parameters = options
                pool_mode = \(mode)
                \(more)
                """, to: folder + "/pgbouncer.ini")
            let log = try checked("open", open(folder + "/output", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
            defer { close(log) }
            let command = try ServerUser.choose().command(Self.program, [folder + "/pgbouncer.ini"])
            let child = try ChildProcess.start(
                command.path, command.arguments, environment: ["PATH": "/usr/bin:/bin"], log: log)
            var settings = direct.settings
            settings.connection.set("host", folder)
            settings.connection.set("port", "6432")
            let pooled = Database(settings, loops: TestLoops.group.loops, blocking: TestLoops.blocking)
            try await Backends.until { (try? await pooled.administer("select 1")) != nil }
            let result: Result<Void, any Error>
            do { result = .success(try await body(direct, pooled)) } catch { result = .failure(error) }
            pooled.close()
            child.signal(SIGKILL)
            _ = try await child.wait()
            try result.get()
        }
    }

    private func write(_ text: String, to path: String) throws {
        let file = try checked("open", open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644))
        defer { close(file) }
        let bytes = Array(text.utf8)
        #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
    }

    /// What a connection begins with does not pass a pooler; what its session is told does.
    @Test(.enabled(if: isThere, "PgBouncer is not installed (apt-get install pgbouncer)"))
    func inSessionModeASessionIsAsItWasMeant() async throws {
        try await pooled("session") { direct, pooled in
            let name = try #require(direct.settings.connection.value(of: "dbname"))
            try await direct.administer("alter database \(name) set TimeZone = 'Asia/Tokyo'")
            try await pooled.requireOwnSessions()
            let moment = Instant(microseconds: 1_700_000_000_123_456)
            #expect(try await pooled.one(Statement<Instant>("select \(moment)::timestamptz")) == moment)
            for (setting, lane, lease) in [
                ("TimeZone", "UTC", "UTC"), ("default_transaction_read_only", "on", "off"), ("statement_timeout", "2s", "15s"),
            ] {
                #expect(try await pooled.one(Statement<String>("select current_setting(\(setting)::text)")) == lane, "\(setting)")
                #expect(
                    try await pooled.one(Statement<String>("select current_setting(\(setting)::text)", .report)) == lease, "\(setting)")
            }
        }
    }

    /// Whichever session it gives next: the one given back last, or each in turn.
    @Test(.enabled(if: isThere, "PgBouncer is not installed (apt-get install pgbouncer)"), arguments: [0, 1], [0, 4])
    func sharedSessionsAreRefused(_ turns: Int, _ spare: Int) async throws {
        try await pooled("transaction", "server_round_robin = \(turns)\nmin_pool_size = \(spare)") { _, pooled in
            await #expect(throws: SharedSessions()) { try await pooled.requireOwnSessions() }
            await #expect(throws: SharedSessions()) { try await Migrator(pooled, []).migrate() }
            await #expect(throws: SharedSessions()) { try await Migrator(pooled, []).status() }
        }
    }
}
