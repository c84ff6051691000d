import Glibc
import JSON
import Postgres
import Runtime
import Support
import Synchronization

/// `atrium serve` as a process of its own, on a free port.
struct ServerProcess: Sendable {
    let child: ChildProcess
    let address: SocketAddress
    let client: TestClient
    private let ending = Ending()

    /// Whether somebody has seen to its end.
    private final class Ending: Sendable {
        let isSeenTo = Atomic<Bool>(false)
    }

    private init(child: ChildProcess, address: SocketAddress) {
        self.child = child
        self.address = address
        client = TestClient(address: address, pool: TestLoops.clients)
    }

    struct DidNotStart: Error {
        let output: String
    }

    /// Returns when the server says that it listens.
    ///
    /// - Parameter file: where what it writes is kept; nil: nobody reads on.
    static func start(_ environment: [String: String], writingTo file: String? = nil) async throws -> ServerProcess {
        let (input, log) = try ends(file)
        _ = fcntl(input, F_SETFD, FD_CLOEXEC)
        _ = fcntl(log, F_SETFD, FD_CLOEXEC)
        defer { close(input) }
        let whole = usual.merging(environment) { _, given in given }
        let child: ChildProcess = try await TestLoops.run {
            defer { close(log) }
            return try ChildProcess.start(binary, ["serve"], environment: whole, log: log)
        }
        do {
            let port = try await TestLoops.clients.run { try greetedPort(on: input, grows: file != nil) }
            guard let address = SocketAddress(ip: "127.0.0.1", port: port) else { throw DidNotStart(output: "port \(port)") }
            return ServerProcess(child: child, address: address)
        } catch {
            child.signal(SIGKILL)
            _ = try? await TestLoops.run { try await child.wait() }
            throw error
        }
    }

    /// Where one reads, and where the server writes.
    private static func ends(_ file: String?) throws -> (input: Int32, log: Int32) {
        if let file {
            let log = try checked("open \(file)", open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
            return (try checked("open \(file)", open(file, O_RDONLY)), log)
        }
        var ends: [Int32] = [-1, -1]
        try checked("pipe", pipe(&ends))
        return (ends[0], ends[1])
    }

    /// Runs `body` with servers that have ended when this returns, whatever becomes of it.
    static func using(
        _ environments: [String: String]..., body: ([ServerProcess]) async throws -> Void
    ) async throws {
        var servers: [ServerProcess] = []
        var failure: (any Error)?
        do {
            for environment in environments { servers.append(try await start(environment)) }
            try await body(servers)
        } catch {
            failure = error
        }
        for server in servers where !server.ending.isSeenTo.load(ordering: .relaxed) {
            do { _ = try await server.end(failure == nil ? SIGTERM : SIGKILL) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Beside the test's own program.
    static let binary: String = {
        guard let path = realpath("/proc/self/exe", nil) else { return "atrium" }
        defer { free(path) }
        return String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/") + "/atrium"
    }()

    private static let usual = [
        "PATH": "/usr/bin:/bin", "PORT": "0", "BCRYPT_ROUNDS": "4", "RATE_LIMIT_PER_MINUTE": "0", "LOG_LEVEL": "error",
    ]

    /// A port that nobody listens on at this moment.
    static func freePort() throws -> UInt16 {
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        defer { close(fd) }
        return try bindFreePort(fd)
    }

    /// Binds a socket to a port of this machine that nobody has.
    static func bindFreePort(_ fd: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            try checked("bind", bind(fd, pointer, length))
            try checked("getsockname", getsockname(fd, pointer, &length))
            return SocketAddress(pointer, length: length).port
        }
    }

    private static let number = Atomic<Int>(0)

    /// A data folder that goes with the test's process.
    static func dataFolder() -> String { "\(TestCluster.folder)/process-\(number.add(1, ordering: .relaxed).newValue)" }

    /// What makes a process use the test's database.
    static func environment(for database: Database) -> [String: String] {
        let connection = database.settings.connection
        let words = ["host", "port", "user", "dbname"].compactMap { name in
            connection.value(of: name).map { "\(name)='\($0)'" }
        }
        return ["DATABASE_URL": words.joined(separator: " "), "DATA_DIR": dataFolder()]
    }

    /// Runs another command of the binary with the same environment.
    static func run(_ words: [String], _ environment: [String: String], input: String = "") async throws -> ChildProcess.Output {
        let whole = usual.merging(environment) { _, given in given }
        return try await TestLoops.run {
            try await ChildProcess.run(
                binary, words, environment: whole, input: Array(input.utf8), timeLimit: .seconds(60))
        }
    }

    /// Sends the signal and waits for the end.
    func end(_ signal: Int32) async throws -> ChildProcess.Exit {
        ending.isSeenTo.store(true, ordering: .relaxed)
        child.signal(signal)
        return try await TestLoops.run { try await child.wait() }
    }

    /// - Parameter grows: whether what is read is a file, which ends again and again.
    private static func greetedPort(on input: Int32, grows: Bool) throws -> UInt16 {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        let begun = ContinuousClock.now
        while true {
            let count = read(input, &buffer, buffer.count)
            if count == 0, grows, ContinuousClock.now - begun < .seconds(60) {
                usleep(5000)
                continue
            }
            if count <= 0 { throw DidNotStart(output: text) }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            guard let found = text.firstRange(of: "listens on http://127.0.0.1:") else { continue }
            let digits = text[found.upperBound...].prefix(while: \.isNumber)
            // The line may have been cut in the middle of the number.
            if digits.endIndex < text.endIndex, let port = UInt16(digits) { return port }
        }
    }
}
