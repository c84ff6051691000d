import Glibc
import Support
import Testing

@testable import atrium

@Suite struct MigrateTests {
    /// Everything would be applied; to say so takes no database.
    @Test(arguments: [["migrate", "--dry-run"], ["migrate", "status"]])
    func lookingMakesNoDatabase(words: [String]) async throws {
        let folder = ServerProcess.dataFolder()
        let shown = try await ServerProcess.run(words, ["DATA_DIR": folder])
        #expect(shown.succeeded, "\(shown.errorText)")
        let pending = try MigrationFolder.load().map { "pending  \($0.name)" }
        #expect(shown.text.split(separator: "\n").map(String.init) == pending)
        #expect(access(folder, F_OK) != 0)
    }

    @Test func lookingLeavesAFolderAsItIs() async throws {
        let folder = ServerProcess.dataFolder()
        // The tests' own folder is there once one of them has asked for a database.
        mkdir(TestCluster.folder, 0o755)
        try #require(mkdir(folder, 0o755) == 0)
        #expect(try await ServerProcess.run(["migrate", "--dry-run"], ["DATA_DIR": folder]).succeeded)
        // Only an empty folder can be removed so.
        #expect(rmdir(folder) == 0)
    }
}
