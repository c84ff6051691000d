import Glibc
import Runtime
import Service
import Support
import Testing

@testable import atrium

@Suite struct ServeTests {
    /// Two connections for each loop and one to listen with, whatever the machine has.
    @Test(arguments: [
        ("0", "20", 4, 4), ("0", "20", 64, 9), ("0", "4", 8, 1), ("9", "20", 2, 9), ("10", "20", 64, nil),
    ] as [(String, String, Int, Int?)])
    func loopsKeepWithinThePool(loops: String, pool: String, cores: Int, expected: Int?) throws {
        func settings() throws -> Settings {
            try Settings(
                rows: ServerSettings.rows + PostgresSettings.rows, environment: ["LOOPS": loops, "DB_POOL_MAX": pool])
        }
        if let expected {
            #expect(Serve.loops(try settings(), cores: cores) == expected)
        } else {
            #expect(throws: SettingsError.self) { try settings() }
        }
    }

    @Test func anAddressInUseIsNamedBeforeAnythingIsMade() async throws {
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        defer { close(fd) }
        let port = try ServerProcess.bindFreePort(fd)
        try checked("listen", listen(fd, 1))
        let folder = ServerProcess.dataFolder()
        let refused = try await ServerProcess.run(["serve"], ["DATA_DIR": folder, "PORT": "\(port)"])
        #expect(!refused.succeeded)
        #expect(
            refused.errorText
                == "atrium serve: 127.0.0.1:\(port) is in use by another process; end that, or choose another PORT\n")
        #expect(access(folder, F_OK) != 0)
    }

    /// Somebody may wait there for a successor; whether he does shows when he is asked.
    @Test func anAddressInUseIsNamedAlsoWhereASuccessorMayCome() async throws {
        try await withDatabase { database in
            let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
            defer { close(fd) }
            var environment = ServerProcess.environment(for: database)
            let port = try ServerProcess.bindFreePort(fd)
            try checked("listen", listen(fd, 1))
            environment["PORT"] = "\(port)"
            let folder = try #require(environment["DATA_DIR"])
            mkdir(folder, 0o755)
            close(try checked("creat", creat("\(folder)/takeover-\(port).sock", 0o600)))
            let refused = try await ServerProcess.run(["serve"], environment)
            #expect(!refused.succeeded && refused.errorText.contains("127.0.0.1:\(port) is in use"), "\(refused.errorText)")
        }
    }

    @Test func aDatabaseOutOfReachIsSaidInOneSentence() async throws {
        let port = try ServerProcess.freePort()
        let refused = try await ServerProcess.run(
            ["serve"],
            ["DATA_DIR": ServerProcess.dataFolder(), "DATABASE_URL": "postgresql://127.0.0.1:\(port)/x"])
        #expect(!refused.succeeded)
        let said = try #require(refused.errorText.split(separator: "\n").last)
        #expect(said.hasPrefix("atrium serve: the database cannot be reached: connection to server at"), "\(said)")
        #expect(said.contains("Connection refused; Is the server running") && !said.contains("\t"), "\(said)")
    }
}
