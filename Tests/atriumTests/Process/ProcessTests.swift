import FoundationEssentials
import Glibc
import JSON
import Postgres
import Runtime
import Support
import Synchronization
import Testing

@Suite(.serialized) struct ProcessTests {
    @Test func stoppedByASignalItFinishesWhatItHasBegunAndExitsWithZero() async throws {
        try await withDatabase { database in
            let server = try await ServerProcess.start(ServerProcess.environment(for: database))
            let answer = try await TestLoops.clients.run { try Self.signIn(at: server.address) { server.child.signal(SIGTERM) } }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(try await TestLoops.run { try await server.child.wait() } == .code(0))
        }
    }

    /// A test that fails in the midst leaves no server behind.
    @Test func serversEndWithTheTestThatUsesThem() async throws {
        struct Failure: Error {}
        try await withDatabase { database in
            let seen = Mutex<[ChildProcess]>([])
            await #expect(throws: Failure.self) {
                let key = ["DATA_KEY": String(repeating: "5a", count: 32)]
                let environments = (0..<2).map { _ in ServerProcess.environment(for: database).merging(key) { $1 } }
                try await ServerProcess.using(environments[0], environments[1]) { servers in
                    seen.withLock { $0 = servers.map(\.child) }
                    _ = try await servers[0].end(SIGTERM)
                    throw Failure()
                }
            }
            for child in seen.withLock({ $0 }) { #expect(kill(child.pid, 0) == -1 && errno == ESRCH) }
            #expect(seen.withLock { $0.count } == 2)
        }
    }

    /// Signs in, and calls `between` when the server has taken the head and waits for the body.
    private static func signIn(at address: SocketAddress, between: () -> Void) throws -> String {
        let body = #"{"email":"admin@studyspot.com","password":"Admin@123"}"#
        let head = """
            POST /api/v1/auth/login HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\
            Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n
            """
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        defer { close(fd) }
        try address.withSockaddr { pointer, length in _ = try checked("connect", connect(fd, pointer, length)) }
        _ = send(fd, head, head.utf8.count, Int32(MSG_NOSIGNAL))
        var buffer = [UInt8](repeating: 0, count: 65536)
        let interim = recv(fd, &buffer, buffer.count, 0)
        guard interim > 0, String(decoding: buffer[..<interim], as: UTF8.self).hasPrefix("HTTP/1.1 100 ") else { return "" }
        between()
        _ = send(fd, body, body.utf8.count, Int32(MSG_NOSIGNAL))
        let count = recv(fd, &buffer, buffer.count, 0)
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }

    @Test func aNewProcessTakesOverUnderLoadWithoutARefusedConnection() async throws {
        try await withDatabase { database in
            var environment = ServerProcess.environment(for: database)
            environment["PORT"] = "\(try ServerProcess.freePort())"
            let old = try await ServerProcess.start(environment)
            let load = Load()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var count = 0
                        while !load.isOver.load(ordering: .relaxed) {
                            let answer = try await old.client.send("GET", "/health/live")
                            try #require(answer.status == 200)
                            count += 1
                        }
                        return count
                    }
                }
                // Whatever goes wrong, the load ends.
                defer { load.isOver.store(true, ordering: .relaxed) }
                let new = try await ServerProcess.start(environment)
                #expect(try await TestLoops.run { try await old.child.wait() } == .code(0))
                for _ in 0..<50 { #expect(try await new.client.send("GET", "/health/live").status == 200) }
                load.isOver.store(true, ordering: .relaxed)
                for try await count in group { #expect(count > 0) }
                #expect(try await new.end(SIGTERM) == .code(0))
            }
        }
    }

    @Test func aServerKilledWhileWritingHasLostNothingItAcknowledged() async throws {
        try await withDatabase { database in
            let environment = ServerProcess.environment(for: database)
            let server = try await ServerProcess.start(environment)
            let written = try await Self.write(server, environment, until: 30) { _ = try await server.end(SIGKILL) }
            let again = try await ServerProcess.start(environment)
            try await Self.expectAll(written, in: again)
            _ = try await again.end(SIGTERM)
        }
    }

    @Test func aDatabaseKilledWhileWritingHasLostNothingThatWasAcknowledged() async throws {
        let folder = ServerProcess.dataFolder()
        let environment = ["DATA_DIR": folder, "PRODUCTS": "condominiums"]
        let server = try await ServerProcess.start(environment)
        let written = try await Self.write(server, environment, until: 30) {
            let file = URL(filePath: folder + "/postgres/data/postmaster.pid")
            let text = try String(contentsOf: file, encoding: .utf8)
            let pid = try #require(text.split(separator: "\n").first.flatMap { Int32($0) })
            try #require(pid > 1)
            kill(pid, SIGKILL)
        }
        // The server starts its private database again, and goes on.
        for _ in 0..<6_000 {
            if try await server.client.send("GET", "/health/ready").status == 200 { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        try await Self.expectAll(written, in: server)
        #expect(try await server.end(SIGTERM) == .code(0))
    }

    private final class Load: Sendable {
        let isOver = Atomic<Bool>(false)
    }

    // MARK: Writing

    /// The paths of what was acknowledged.
    private final class Written: Sendable {
        let paths = Mutex<[String]>([])
    }

    /// Nobody waits for the loop of a command, however long it is held.
    @Test func aCommandSaysNothingOfItsLoop() async throws {
        try await withDatabase { database in
            let environment = ServerProcess.environment(for: database).merging(["LOG_LEVEL": "warning"]) { _, new in new }
            let made = try await ServerProcess.run(
                ["user", "create", "writer@example.org"], environment, input: Self.password + "\n")
            #expect(made.succeeded && !made.errorText.contains("stood still"), "\(made.errorText)")
        }
    }

    private static let password = "Passw0rd9x"

    private static func signIn(_ server: ServerProcess) async throws -> String {
        let answer = try await server.client.send(
            "POST", "/api/v1/auth/login", body: ["email": "writer@example.org", "password": .string(password)])
        return try #require(answer.json["data"]?["accessToken"]?.string)
    }

    /// Makes companies, eight at a time, and disturbs when so many are acknowledged; ends by a failure, or when it has made
    /// four times as many.
    ///
    /// - Returns: the paths of all that were acknowledged.
    private static func write(
        _ server: ServerProcess, _ environment: [String: String], until enough: Int,
        disturb: @escaping @Sendable () async throws -> Void
    ) async throws -> [String] {
        let made = try await ServerProcess.run(
            ["user", "create", "writer@example.org", "--role", "super_admin"], environment, input: password + "\n")
        try #require(made.succeeded, "\(made.errorText)")
        let token = try await signIn(server)
        let written = Written()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0... {
                        if written.paths.withLock({ $0.count }) >= 4 * enough { return }
                        let body: JSONValue = ["name": .string("Company \(writer)-\(number)")]
                        let answer: TestAnswer
                        // The connection is cut, or nobody listens any more: this write was not acknowledged.
                        do {
                            answer = try await server.client.send("POST", "/api/v1/companies", token: token, body: body)
                        } catch { return }
                        guard answer.status == 201, let location = answer.field("location") else { return }
                        written.paths.withLock { $0.append(location) }
                    }
                }
            }
            while written.paths.withLock({ $0.count }) < enough { await Task.yield() }
            try await disturb()
            try await group.waitForAll()
        }
        return written.paths.withLock { $0 }
    }

    private static func expectAll(_ written: [String], in server: ServerProcess) async throws {
        let token = try await signIn(server)
        for path in written { #expect(try await server.client.send("GET", path, token: token).status == 200) }
    }
}
