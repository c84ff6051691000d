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
