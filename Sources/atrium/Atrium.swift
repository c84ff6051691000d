import Glibc
import Runtime

/// The binary. `main` is synchronous: nothing of Swift's concurrency runs on the main thread, which only waits.
@main
struct Atrium {
    static let commands: [any Command.Type] = [
        Serve.self, Work.self, Migrate.self, Demo.self, Check.self, Doctor.self, Backup.self, Restore.self,
        OpenAPIDocument.self, Routes.self, User.self,
    ]

    static func main() {
        // Before Dispatch or a loop has a thread: threads inherit the mask.
        Signals.block()
        exit(run(Array(Swift.CommandLine.arguments.dropFirst())))
    }

    private static func run(_ words: [String]) -> Int32 {
        guard let first = words.first else {
            Terminal.error(Usage.overview(commands))
            return ExitCode.usage
        }
        switch first {
        case "--help", "-h", "help":
            guard words.count > 1, let command = command(named: words[1]) else {
                Terminal.line(Usage.overview(commands))
                return ExitCode.success
            }
            Terminal.line(Usage.of(command))
        case "--version", "version":
            Terminal.line("atrium \(Version.current)")
        default:
            guard let command = command(named: first) else {
                Terminal.error("atrium: there is no command \"\(first)\". `atrium --help` lists them.")
                return ExitCode.usage
            }
            return run(command, Array(words.dropFirst()))
        }
        return ExitCode.success
    }

    private static func run(_ command: any Command.Type, _ words: [String]) -> Int32 {
        do {
            let arguments = try Arguments(words, options: command.options)
            if arguments.has("--help") {
                Terminal.line(Usage.of(command))
                return ExitCode.success
            }
            return try command.run(arguments)
        } catch let error as UsageError {
            Terminal.error("atrium \(command.name): \(error.reason)\nSee `atrium \(command.name) --help`.")
            return ExitCode.usage
        } catch {
            Terminal.error("atrium \(command.name): \(ErrorText.of(error))")
            return ExitCode.failure
        }
    }

    private static func command(named name: String) -> (any Command.Type)? { commands.first { $0.name == name } }
}
