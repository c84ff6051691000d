import Glibc
import Postgres
import Runtime
import Support
import Testing

@Suite(.timeLimit(.minutes(15))) struct PrivateClusterTests {
    private func options(_ name: String) -> ClusterOptions {
        var options = ClusterOptions(folder: TestCluster.folder + "/" + name)
        options.isDurable = false
        return options
    }

    private func read(_ cluster: PrivateCluster, _ query: String) async throws -> String? {
        let settings = DatabaseSettings(try ConnectionSettings(cluster.connectionString))
        let database = Database(settings, loops: TestLoops.group.loops, blocking: TestLoops.blocking)
        defer { database.close() }
        return try await database.administer(query).first?.first ?? nil
    }

    @Test func isMadeOnceAndKeepsItsData() async throws {
        try await TestLoops.run {
            let first = try await PrivateCluster.start(options("kept '1"), blocking: TestLoops.blocking)
            _ = try await read(first, "create table kept as select 'here' as word")
            #expect(try await read(first, "show listen_addresses") == "")
            #expect(try await read(first, "show server_encoding") == "UTF8")
            #expect(try await read(first, "select 'é' < 'z' collate \"und-x-icu\"") == "t")
            await first.stop()
            let second = try await PrivateCluster.start(options("kept '1"), blocking: TestLoops.blocking)
            #expect(!second.wasAdopted)
            #expect(try await read(second, "select word from kept") == "here")
            await second.stop()
        }
    }

    @Test func belongsToOneProcessAtATime() async throws {
        try await TestLoops.run {
            let owner = try await PrivateCluster.start(options("owned"), blocking: TestLoops.blocking)
            await #expect(throws: ClusterError.inUse(folder: owner.folder)) {
                _ = try await PrivateCluster.start(options("owned"), blocking: TestLoops.blocking)
            }
            await owner.stop()
        }
    }

    /// A process number is given again: after a restart of the machine the file that is left over may name a server of
    /// another folder.
    @Test func aServerOfAnotherFolderIsNotTakenForItsOwn() async throws {
        try await TestLoops.run {
            var options = options("renumbered")
            options.startLimit = .seconds(20)
            let first = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            _ = try await read(first, "create table kept as select 'here' as word")
            let folder = try #require(try await read(first, "show data_directory"))
            await first.stop()
            let stranger = try await TestCluster.shared().processID
            try write("\(stranger)\n\(folder)\n", to: folder + "/postmaster.pid")
            let second = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            #expect(!second.wasAdopted && second.processID != stranger)
            #expect(try await read(second, "select word from kept") == "here")
            await second.stop()
        }
    }

    /// A server that is taken over may be about to end.
    @Test func oneThatEndsWhileItIsTakenOverIsStartedAgain() async throws {
        try await TestLoops.run {
            var options = options("ending")
            options.startLimit = .seconds(20)
            let first = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            first.abandon()
            // Stopped, it is alive and does not answer, until it is killed in the middle of being waited for.
            first.kill(signal: SIGSTOP)
            async let second = PrivateCluster.start(options, blocking: TestLoops.blocking)
            try await Task.sleep(for: .milliseconds(200))
            first.kill(signal: SIGKILL)
            let cluster = try await second
            #expect(!cluster.wasAdopted)
            #expect(try await read(cluster, "select 'there'") == "there")
            await cluster.stop()
        }
    }

    private func write(_ text: String, to path: String) throws {
        let fd = try checked("open", open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
        defer { close(fd) }
        let bytes = Array(text.utf8)
        _ = try checked("write", Int32(Glibc.write(fd, bytes, bytes.count)))
    }

    /// The server survives its owner, and recovers from its own violent end.
    @Test func isAdoptedOrRecovered() async throws {
        try await TestLoops.run {
            var options = options("adopted")
            options.isDurable = true
            let first = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            _ = try await read(first, "create table kept as select 'here' as word")
            first.abandon()
            let second = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            #expect(second.wasAdopted && second.processID == first.processID)
            second.kill(signal: SIGKILL)
            second.abandon()
            try await Backends.until { kill(second.processID, 0) != 0 }
            let third = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            #expect(!third.wasAdopted)
            #expect(try await read(third, "select word from kept") == "here")
            await third.stop()
        }
    }
}
