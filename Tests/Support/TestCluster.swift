import Glibc
import Postgres
import Runtime
import Synchronization

/// The private PostgreSQL that the tests of a process share. Started by the first that needs it; it ends with the
/// process, and its folder goes with it.
package enum TestCluster {
    private static let starting = Mutex<Task<PrivateCluster, any Error>?>(nil)
    private static let made = Mutex<Set<String>>([])

    /// Where this process keeps what its tests write.
    package static let folder: String = {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(parent)/atrium-tests-\(getpid())"
    }()

    package static func shared() async throws -> PrivateCluster {
        let task = starting.withLock { starting in
            if let starting { return starting }
            let task = Task {
                try await TestLoops.run {
                    var options = ClusterOptions(folder: folder + "/shared")
                    options.isDurable = false
                    options.maximumConnections = 300
                    removeAtExit()
                    let cluster = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
                    running.withLock { $0 = cluster }
                    return cluster
                }
            }
            starting = task
            return task
        }
        return try await task.value
    }

    private static let running = Mutex<PrivateCluster?>(nil)

    private static func removeAtExit() {
        atexit {
            TestCluster.running.withLock { $0?.kill(signal: SIGKILL) }
            TestCluster.remove(TestCluster.folder)
        }
    }

    private static func remove(_ folder: String) {
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("rm"), strdup("-rf"), strdup(folder), nil]
        var pid = pid_t()
        guard posix_spawn(&pid, "/bin/rm", nil, nil, &arguments, nil) == 0 else { return }
        waitpid(pid, nil, 0)
    }
}
