import Glibc
import Runtime
import Testing

@Suite struct ChildProcessTests {
    @Test func collectsOutputAndExitCode() async throws {
        let output = try await onLoop { _ in
            try await ChildProcess.run(
                "/bin/sh", ["-c", "cat; echo oops >&2; exit 3"], environment: [:], input: Array("hello".utf8),
                timeLimit: .seconds(20))
        }
        #expect(output.text == "hello")
        #expect(output.errorText == "oops\n")
        #expect(output.exit == .code(3))
        #expect(!output.timedOut)
    }

    @Test func killsAtItsTimeLimit() async throws {
        let output = try await onLoop { _ in
            try await ChildProcess.run(
                "/bin/sh", ["-c", "sleep 100 & sleep 100"], environment: ["PATH": "/usr/bin:/bin"],
                timeLimit: .milliseconds(50))
        }
        #expect(output.timedOut)
        #expect(output.exit == .signal(9))
    }

    @Test func killsWhatWritesTooMuch() async throws {
        let output = try await onLoop { _ in
            try await ChildProcess.run(
                "/bin/sh", ["-c", "yes"], environment: ["PATH": "/usr/bin:/bin"], timeLimit: .seconds(20),
                outputLimit: 1000)
        }
        #expect(output.truncated)
        #expect(output.standardOutput.count == 1000)
    }

    @Test func reportsAProgramThatIsNotThere() async throws {
        await #expect(throws: SystemError.self) {
            try await onLoop { _ in
                try await ChildProcess.run("/nonexistent", [], environment: [:], timeLimit: .seconds(1))
            }
        }
    }

    /// The shell ends at once, what it has started holds its pipes.
    @Test func whatAProgramLeavesRunningIsNotWaitedFor() async throws {
        let output = try await onLoop { _ in
            try await ChildProcess.run(
                "/bin/sh", ["-c", "sleep 100 & echo $!"], environment: ["PATH": "/usr/bin:/bin"], timeLimit: .seconds(20))
        }
        #expect(output.exit == .code(0) && !output.timedOut)
        let left = try #require(pid_t(output.text.dropLast()))
        #expect(kill(left, SIGKILL) == 0)
    }
}
