import Glibc
import Runtime

/// One attempt to start a cluster's server. Confined to its loop.
final class ServerStart: @unchecked Sendable {
    static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/"]
    /// Beyond it the log of earlier runs is dropped at a start.
    private static let longestLog: off_t = 10 << 20

    private let options: ClusterOptions
    private let layout: ClusterLayout
    private let loop: EventLoop
    private let resolver: Resolver
    private var hasEnded = false

    init(options: ClusterOptions, layout: ClusterLayout, loop: EventLoop, resolver: Resolver) {
        self.options = options
        self.layout = layout
        self.loop = loop
        self.resolver = resolver
    }

    /// Launches the server, and again while what is left of one that was killed still goes away.
    func launch(_ programs: ServerPrograms, _ user: ServerUser) async throws -> Postmaster {
        let deadline = EventLoop.monotonic() &+ options.startLimit.nanoseconds
        while true {
            let postmaster = try launchOnce(programs, user)
            while !hasEnded, Postmaster.running(layout)?.pid != postmaster.pid {
                guard EventLoop.monotonic() < deadline else {
                    kill(postmaster.pid, SIGKILL)
                    throw ClusterError.didNotStart(reason: "no sign of it within \(options.startLimit)")
                }
                try await loop.sleep(for: .milliseconds(5))
            }
            if !hasEnded { return postmaster }
            let words = lastWords()
            guard ServerStart.isPassing(words), EventLoop.monotonic() < deadline else {
                throw ClusterError.didNotStart(reason: words)
            }
            try await loop.sleep(for: .milliseconds(100))
        }
    }

    /// Whether the server has refused to start for the sake of one that is about to be gone.
    private static func isPassing(_ words: String) -> Bool {
        words.contains("still in use") || words.contains("already exists")
    }

    private func launchOnce(_ programs: ServerPrograms, _ user: ServerUser) throws -> Postmaster {
        hasEnded = false
        removeStrangersNumber()
        let log = try checked(
            "open \(layout.log)", open(layout.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        defer { close(log) }
        var information = stat()
        if fstat(log, &information) == 0, information.st_size > ServerStart.longestLog { ftruncate(log, 0) }
        let command = user.command(
            programs.postgres, ["-D", layout.data] + options.arguments(socketFolder: layout.sockets))
        let child = try ChildProcess.start(
            command.path, command.arguments, environment: ServerStart.environment, log: log)
        loop.spawn { [self] in
            _ = try? await child.wait()
            hasEnded = true
        }
        return Postmaster(pid: child.pid, data: layout.data)
    }

    /// PostgreSQL does not start while the process that its file names is alive, though it be something else by now (the
    /// shared memory, by which it knows sessions of a server that was killed, it finds by the folder).
    private func removeStrangersNumber() {
        guard let pid = Postmaster.recorded(layout), Postmaster.running(layout) == nil, kill(pid, 0) == 0 else { return }
        unlink(layout.postmasterFile)
    }

    /// Returns when the server answers and has the program's database; false when it ends before.
    func untilReady(_ connectionString: String, _ postmaster: Postmaster) async throws -> Bool {
        let settings = try ConnectionSettings(connectionString)
        let deadline = EventLoop.monotonic() &+ options.startLimit.nanoseconds
        var last = "no answer"
        while EventLoop.monotonic() < deadline {
            if !postmaster.isAlive { return false }
            do {
                let connection = try await PlainConnection.open(settings, on: loop, resolver: resolver)
                defer { connection.close() }
                try await makeDatabase(connection)
                return true
            } catch let error as DatabaseError where error.kind != .refused {
                last = error.message
                try await loop.sleep(for: .milliseconds(10))
            }
        }
        throw ClusterError.didNotStart(reason: last)
    }

    private func makeDatabase(_ connection: PlainConnection) async throws {
        let name = options.database.filter { $0.isLetter || $0.isNumber || $0 == "_" }
        let found = try await connection.run("select 1 from pg_database where datname = '\(name)'").rows
        if found.isEmpty { try await connection.run("create database \"\(name)\"") }
    }

    /// The end of the server's log.
    func lastWords() -> String {
        let lines = FileContents.text(layout.log)?.split(separator: "\n").suffix(4) ?? []
        return lines.joined(separator: "; ")
    }
}
