import Glibc
import Runtime
import Synchronization

/// A PostgreSQL server of the program's own, reached by a socket in its folder and by nothing else.
///
/// It is made at the first start, started with the program and stopped with it. When the program is killed the server
/// runs on, and the next start takes it over.
package final class PrivateCluster: Sendable {
    private static let role = "atrium"

    package let options: ClusterOptions
    private let layout: ClusterLayout
    /// Another one after `startAgain`.
    private let current: Mutex<Postmaster>
    /// Held as long as the process lives: one owner at a time.
    private let ownerLock: Int32
    /// Whether the server was found running.
    package let wasAdopted: Bool

    private init(_ options: ClusterOptions, _ layout: ClusterLayout, _ postmaster: Postmaster, _ lock: Int32, adopted: Bool)
    {
        self.options = options
        self.layout = layout
        current = Mutex(postmaster)
        ownerLock = lock
        wasAdopted = adopted
    }

    /// What to connect to, for `ConnectionSettings`.
    package var connectionString: String { PrivateCluster.connectionString(layout, database: options.database) }

    /// The same for another database of the cluster.
    package func connectionString(database: String) -> String {
        PrivateCluster.connectionString(layout, database: database)
    }

    /// Where the database lies; differs from the folder asked for when the server's user could not have entered that.
    package var folder: String { layout.base }
    package var processID: pid_t { postmaster.pid }

    /// False when the server has ended by itself, or somebody has ended it.
    package var isRunning: Bool { postmaster.isAlive }

    private var postmaster: Postmaster { current.withLock { $0 } }

    static func connectionString(_ layout: ClusterLayout, database: String) -> String {
        func quoted(_ text: String) -> String {
            var result = "'"
            for character in text {
                if character == "'" || character == "\\" { result.append("\\") }
                result.append(character)
            }
            return result + "'"
        }
        return "host=\(quoted(layout.sockets)) port=5432 user=\(role) dbname=\(quoted(database))"
    }

    // MARK: Starting

    /// Starts, or takes over, the cluster in a folder, and returns when it answers. Called on a loop.
    /// Throws `ClusterError`.
    package static func start(_ options: ClusterOptions, blocking: BlockingPool) async throws -> PrivateCluster {
        guard let loop = EventLoop.current else { preconditionFailure("a cluster is started on a loop") }
        let user = try ServerUser.choose()
        let layout = try ClusterLayout(folder: options.folder, user: user)
        let lock = try await takeOwnership(layout)
        do {
            let programs = try ServerPrograms.find(for: layout.data)
            if access(layout.data + "/PG_VERSION", F_OK) != 0 { try await create(options, layout, programs, user) }
            let attempt = ServerStart(options: options, layout: layout, loop: loop, resolver: Resolver(pool: blocking))
            let address = connectionString(layout, database: "postgres")
            if let running = Postmaster.running(layout), try await attempt.untilReady(address, running) {
                return PrivateCluster(options, layout, running, lock, adopted: true)
            }
            let postmaster = try await launch(attempt, programs, user, address)
            return PrivateCluster(options, layout, postmaster, lock, adopted: false)
        } catch {
            close(lock)
            throw error
        }
    }

    /// Starts the server again when it is not running; what was committed is there. Called on a loop, by one at a time.
    /// Throws `ClusterError`.
    package func startAgain(blocking: BlockingPool) async throws {
        guard let loop = EventLoop.current else { preconditionFailure("a cluster is started on a loop") }
        let attempt = ServerStart(options: options, layout: layout, loop: loop, resolver: Resolver(pool: blocking))
        let postmaster = try await PrivateCluster.launch(
            attempt, try ServerPrograms.find(for: layout.data), try ServerUser.choose(),
            PrivateCluster.connectionString(layout, database: "postgres"))
        current.withLock { $0 = postmaster }
    }

    private static func launch(
        _ attempt: ServerStart, _ programs: ServerPrograms, _ user: ServerUser, _ address: String
    ) async throws -> Postmaster {
        let postmaster = try await attempt.launch(programs, user)
        guard try await attempt.untilReady(address, postmaster) else {
            throw ClusterError.didNotStart(reason: attempt.lastWords())
        }
        return postmaster
    }

    /// An owner that has just gone may have left a copy of its lock with a child that it was about to start; that is gone
    /// when the child executes its program. Hence several attempts, half a second in all.
    private static func takeOwnership(_ layout: ClusterLayout) async throws -> Int32 {
        let fd = try checked("open \(layout.ownerLock)", open(layout.ownerLock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
        do {
            for _ in 0..<10 {
                if flock(fd, LOCK_EX | LOCK_NB) == 0 { return fd }
                try await Task.sleep(for: .milliseconds(50))
            }
            throw ClusterError.inUse(folder: layout.base)
        } catch {
            close(fd)
            throw error
        }
    }

    private static func create(
        _ options: ClusterOptions, _ layout: ClusterLayout, _ programs: ServerPrograms, _ user: ServerUser
    ) async throws {
        // What an interrupted attempt has left.
        _ = try await ChildProcess.run(
            "/bin/rm", ["-rf", layout.unfinished], environment: [:], timeLimit: .seconds(30))
        var arguments = [
            "--pgdata=\(layout.unfinished)", "--username=\(role)", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-instructions",
        ]
        if !options.isDurable { arguments.append("--no-sync") }
        let command = user.command(programs.initdb, arguments)
        let output = try await ChildProcess.run(
            command.path, command.arguments, environment: ServerStart.environment, timeLimit: .seconds(120))
        guard output.succeeded else {
            throw ClusterError.cannotPrepare(folder: layout.base, reason: output.errorText)
        }
        guard rename(layout.unfinished, layout.data) == 0 else {
            throw ClusterError.cannotPrepare(folder: layout.data, reason: String(cString: strerror(errno)))
        }
    }

    // MARK: Stopping

    /// Stops the server; sessions that are still open are ended. Called on a loop.
    package func stop() async {
        await signalAndWait(SIGINT, limit: .seconds(20))
        // Without a checkpoint; the next start recovers from the log.
        if postmaster.isAlive { await signalAndWait(SIGQUIT, limit: .seconds(5)) }
        close(ownerLock)
    }

    private func signalAndWait(_ signal: Int32, limit: Duration) async {
        guard let loop = EventLoop.current, postmaster.isAlive else { return }
        Glibc.kill(postmaster.pid, signal)
        let deadline = EventLoop.monotonic() &+ limit.nanoseconds
        while postmaster.isAlive, EventLoop.monotonic() < deadline {
            do { try await loop.sleep(for: .milliseconds(10)) } catch { return }
        }
    }

    /// Gives up the server without stopping it, as the end of the process would.
    package func abandon() { close(ownerLock) }

    /// Stops the server at once and without waiting, from any thread: for tests that end their process.
    package func kill(signal: Int32) { Glibc.kill(postmaster.pid, signal) }
}
