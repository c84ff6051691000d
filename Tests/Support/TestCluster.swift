import Glibc
import Postgres
import Runtime
import Synchronization

/// The private PostgreSQL that the tests of a process share. Started by the first that needs it; it ends with the
/// process, and its folder goes with it.
package enum TestCluster {
    private static let starting = Mutex<Task<PrivateCluster, any Error>?>(nil)

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
                    return try await PrivateCluster.start(options, blocking: TestLoops.blocking)
                }
            }
            starting = task
            return task
        }
        return try await task.value
    }

    /// Leaves a shell behind that waits for this process's end, whatever that is, and then stops the servers below the
    /// folder and removes it: the other end of its input closes with us.
    private static func removeAtExit() {
        let script = """
            trap '' HUP INT TERM; read nothing
            for file in $(find "$0" -name postmaster.pid); do kill -9 $(head -n 1 $file); done
            for attempt in 1 2 3 4 5; do rm -rf "$0" && break; sleep 0.2; done
            """
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for output in [Int32(1), 2] {
            // Holding our own outputs open would keep whoever reads them waiting.
            posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
        }
        let words: [String] = ["sh", "-c", script, folder]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { word in strdup(word) }
        arguments.append(nil)
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        var pid = pid_t()
        posix_spawn(&pid, "/bin/sh", &actions, nil, &arguments, &environment)
        posix_spawn_file_actions_destroy(&actions)
        close(ends[0])
    }
}
