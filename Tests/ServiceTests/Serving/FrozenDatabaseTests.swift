import Glibc
import Postgres
import Runtime
import Support
import Testing

@testable import Service

/// A database that takes connections and says nothing, as one does that is frozen (SIGSTOP).
@Suite struct FrozenDatabaseTests {
    @Test func whoeverAsksIsToldWithinSeconds() async throws {
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        defer { close(fd) }
        let port = try #require(Self.listen(fd))
        // Waiting longer than anybody who asks for health would.
        var settings = DatabaseSettings(try ConnectionSettings("host=127.0.0.1 port=\(port) user=x dbname=x"))
        settings.connection.connectTimeout = .seconds(60)
        settings.waitLimit = .seconds(60)
        let database = Database(settings, loops: TestLoops.group.loops, blocking: TestLoops.blocking)
        defer { database.close() }
        let health = Health(database: database, version: "1", drain: Drain())
        let begun = ContinuousClock.now
        let (isReady, report) = try await TestLoops.run { (await health.isReady(), await health.report()) }
        #expect(!isReady && report.status == .unhealthy)
        #expect(ContinuousClock.now - begun < .seconds(30), "two seconds each, and what the machine takes")
    }

    private static func listen(_ fd: Int32) -> UInt16? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            guard bind(fd, pointer, length) == 0, Glibc.listen(fd, 16) == 0, getsockname(fd, pointer, &length) == 0
            else { return nil }
            return SocketAddress(pointer, length: length).port
        }
    }
}
