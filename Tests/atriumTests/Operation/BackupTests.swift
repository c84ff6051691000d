import FoundationEssentials
import Glibc
import JSON
import Postgres
import Support
import Testing

@Suite struct BackupTests {
    private static let key = String(repeating: "5a", count: 32)

    private func rows(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>("select email || ' ' || coalesce(password_hash, '') from identity.users order by email"))
    }

    /// A server at work is backed up, and taken back into an empty database; there people sign in as before.
    @Test func whatWasBackedUpIsTakenBackIntoAnEmptyDatabase() async throws {
        try await withDatabase { database in
            var environment = ServerProcess.environment(for: database)
            environment["DATA_KEY"] = Self.key
            let server = try await ServerProcess.start(environment)
            let made = try await ServerProcess.run(
                ["user", "create", "keeper@example.org"], environment, input: "Correct7Horse\n")
            #expect(made.succeeded, "\(made.errorText)")
            let data = try #require(environment["DATA_DIR"])
            try FileManager.default.createDirectory(atPath: data + "/files/a", withIntermediateDirectories: true)
            try Data("a picture".utf8).write(to: URL(filePath: data + "/files/a/b"))
            let folder = ServerProcess.dataFolder()
            let backup = try await ServerProcess.run(["backup", folder], environment)
            #expect(backup.succeeded && backup.text.contains(" tables, "), "\(backup.errorText)")
            _ = try await server.end(SIGTERM)
            var information = stat()
            #expect(stat(folder, &information) == 0 && information.st_mode & 0o077 == 0, "for its owner alone")
            let again = try await ServerProcess.run(["backup", folder], environment)
            #expect(!again.succeeded && again.errorText.contains("is there already"))
            let users = try await rows(database)

            try await withDatabase(.empty) { empty in
                var other = ServerProcess.environment(for: empty)
                other["DATA_KEY"] = String(repeating: "00", count: 32)
                let foreign = try await ServerProcess.run(["restore", folder], other)
                #expect(!foreign.succeeded && foreign.errorText.contains("another DATA_KEY"), "\(foreign.errorText)")
                other["DATA_KEY"] = Self.key
                let restored = try await ServerProcess.run(["restore", folder], other)
                #expect(restored.succeeded && restored.text.hasPrefix("restored "), "\(restored.errorText)")
                #expect(try await rows(empty) == users)
                let file = try String(contentsOf: URL(filePath: other["DATA_DIR"]! + "/files/a/b"), encoding: .utf8)
                #expect(file == "a picture")
                let second = try await ServerProcess.start(other)
                let body: JSONValue = ["email": "keeper@example.org", "password": "Correct7Horse"]
                #expect(try await second.client.send("POST", "/api/v1/auth/login", body: body).status == 200)
                _ = try await second.end(SIGTERM)
                let twice = try await ServerProcess.run(["restore", folder], other)
                #expect(!twice.succeeded && twice.errorText.contains("tables already"), "\(twice.errorText)")
            }
            // One byte less.
            try await withDatabase(.empty) { empty in
                truncate(folder + "/files.tar", 100)
                var other = ServerProcess.environment(for: empty)
                other["DATA_KEY"] = Self.key
                let damaged = try await ServerProcess.run(["restore", folder], other)
                #expect(!damaged.succeeded && damaged.errorText.contains("files.tar is not what"), "\(damaged.errorText)")
                let tables = Statement<Int>("select count(*) from pg_tables where schemaname = 'identity'")
                #expect(try await empty.one(tables) == 0, "nothing was changed")
            }
        }
    }

    /// The database that a server keeps for itself, from one folder to another.
    @Test func aPrivateDatabaseMovesToAnotherFolder() async throws {
        let first = ["DATA_DIR": ServerProcess.dataFolder(), "DATA_KEY": Self.key]
        let made = try await ServerProcess.run(["user", "create", "keeper@example.org"], first, input: "Correct7Horse\n")
        #expect(made.succeeded, "\(made.errorText)")
        let folder = ServerProcess.dataFolder()
        #expect(try await ServerProcess.run(["backup", folder], first).succeeded)
        let second = ["DATA_DIR": ServerProcess.dataFolder(), "DATA_KEY": Self.key]
        let restored = try await ServerProcess.run(["restore", folder], second)
        #expect(restored.succeeded, "\(restored.errorText)")
        let server = try await ServerProcess.start(second)
        let body: JSONValue = ["email": "keeper@example.org", "password": "Correct7Horse"]
        #expect(try await server.client.send("POST", "/api/v1/auth/login", body: body).status == 200)
        _ = try await server.end(SIGTERM)
    }

    @Test func whatIsNoBackupIsSaidSo() async throws {
        try await withDatabase(.empty) { empty in
            let environment = ServerProcess.environment(for: empty)
            let none = try await ServerProcess.run(["restore", "/nowhere"], environment)
            #expect(!none.succeeded && none.errorText.contains("holds no backup"), "\(none.errorText)")
            #expect(try await ServerProcess.run(["backup"], environment).exit == .code(2))
        }
    }
}
