import CSystem
import Glibc

/// A program started without a shell, in a process group of its own, with an environment that is stated in full.
package struct ChildProcess: Sendable {
    /// How a process ended (waitid(2)).
    package enum Exit: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    /// What a program that was run to its end left behind.
    package struct Output: Sendable {
        package let exit: Exit
        package let standardOutput: [UInt8]
        package let standardError: [UInt8]
        /// It ran into its time limit and was killed.
        package let timedOut: Bool
        /// It wrote more than the limit; what came after is lost, and the program was killed.
        package let truncated: Bool

        package var text: String { String(decoding: standardOutput, as: UTF8.self) }
        package var errorText: String { String(decoding: standardError, as: UTF8.self) }
        package var succeeded: Bool { exit == .code(0) && !timedOut && !truncated }
    }

    /// How long output is waited for that a process has written and that has not been read at its end.
    private static let afterExit = Duration.seconds(1)

    package let pid: pid_t
    private let exitWaiter: Waiter<Exit>

    /// Suspends until the process has ended. One caller, on the loop that started it.
    package func wait() async throws -> Exit { try await exitWaiter.value() }

    /// Sends a signal to the process alone, or to its whole group.
    package func signal(_ signal: Int32, group: Bool = false) { kill(group ? -pid : pid, signal) }

    // MARK: Starting

    /// Starts a long-lived program. Its output goes to `log` (a descriptor), its input is empty.
    /// Called on a loop; throws `SystemError` when the program cannot be started.
    package static func start(
        _ path: String, _ arguments: [String], environment: [String: String], log: Int32
    ) throws -> ChildProcess {
        let null = try checked("open", open("/dev/null", O_RDONLY | O_CLOEXEC))
        defer { close(null) }
        let pid = try spawn(path, arguments, environment, input: null, output: log, error: log)
        return try watched(pid)
    }

    /// Runs a program to its end and collects what it writes. A process that it leaves running is not waited for.
    ///
    /// - Parameters:
    ///   - timeLimit: after it the process group is killed.
    ///   - outputLimit: bytes kept of standard output, and of standard error.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String], input: [UInt8] = [],
        timeLimit: Duration, outputLimit: Int = 1 << 20
    ) async throws -> Output {
        guard let loop = EventLoop.current else { preconditionFailure("ChildProcess.run is called on a loop") }
        let inputPipe = try Pipe(), outputPipe = try Pipe(), errorPipe = try Pipe()
        let pid: pid_t
        do {
            pid = try spawn(
                path, arguments, environment,
                input: inputPipe.read, output: outputPipe.write, error: errorPipe.write)
        } catch {
            for pipe in [inputPipe, outputPipe, errorPipe] { pipe.closeBoth() }
            throw error
        }
        close(inputPipe.read)
        close(outputPipe.write)
        close(errorPipe.write)
        let child = try watched(pid)
        let truncate = { _ = kill(-pid, SIGKILL) }
        let output = try PipeReader(outputPipe.read, limit: outputLimit, onOverflow: truncate, loop)
        let error = try PipeReader(errorPipe.read, limit: outputLimit, onOverflow: truncate, loop)
        try PipeWriter.write(input, to: inputPipe.write, loop)
        var timedOut = false
        let timer = loop.timer(after: timeLimit) {
            timedOut = true
            kill(-pid, SIGKILL)
        }
        defer { timer.cancel() }
        let exit = try await withTaskCancellationHandler {
            try await child.wait()
        } onCancel: {
            kill(-pid, SIGKILL)
        }
        timer.cancel()
        // What it leaves running may hold its pipes open for as long as that lives.
        let rest = loop.timer(after: ChildProcess.afterExit) {
            output.finish()
            error.finish()
        }
        defer { rest.cancel() }
        let outputBytes = try await output.done.value()
        let errorBytes = try await error.done.value()
        return Output(
            exit: exit, standardOutput: outputBytes, standardError: errorBytes,
            timedOut: timedOut, truncated: output.overflowed || error.overflowed)
    }

    private static func watched(_ pid: pid_t) throws -> ChildProcess {
        guard let loop = EventLoop.current else { preconditionFailure("ChildProcess is started on a loop") }
        let waiter = Waiter<Exit>()
        let fd = try checked("pidfd_open", atrium_pidfd_open(pid))
        try loop.add(ExitChannel(fd: fd, pid: pid, waiter: waiter), .read)
        return ChildProcess(pid: pid, exitWaiter: waiter)
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String],
        input: Int32, output: Int32, error: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Our blocked and ignored signals are not the program's; a Ctrl-C at our terminal is ours to pass on.
        var none = sigset_t()
        sigemptyset(&none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var pid = pid_t()
        let code = withCStrings([path] + arguments) { argv in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { envp in
                posix_spawn(&pid, path, &actions, &attributes, argv, envp)
            }
        }
        if code != 0 { throw SystemError("posix_spawn \(path)", code: code) }
        return pid
    }
}

private func withCStrings<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}

/// Tells when a process has ended (pidfd_open(2)), and reaps it.
private final class ExitChannel: Channel {
    private let pid: pid_t
    private let waiter: Waiter<ChildProcess.Exit>

    init(fd: Int32, pid: pid_t, waiter: Waiter<ChildProcess.Exit>) {
        self.pid = pid
        self.waiter = waiter
        super.init(fd: fd)
    }

    override func onEvent(_ events: Events) {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return }
        loop?.remove(self)
        close(fd)
        let signal = status & 0x7f
        waiter.resume(returning: signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal))
    }
}
