/// A word that the binary understands: `atrium serve`.
protocol Command: SendableMetatype {
    static var name: String { get }
    /// One line for the list of commands.
    static var summary: String { get }
    /// What stands behind the name: `create EMAIL`, empty for nothing.
    static var operands: String { get }
    /// Paragraphs for `--help`.
    static var explanation: String { get }
    static var options: [Option] { get }
    /// - Returns: the exit status.
    static func run(_ arguments: Arguments) throws -> Int32
}

extension Command {
    static var operands: String { "" }
    static var options: [Option] { [.config] }
}

/// An option of a command: a flag, or a name that takes a value.
struct Option: Sendable {
    let name: String
    /// What the value is called in the help; nil for a flag.
    let value: String?
    let meaning: String

    init(_ name: String, _ value: String? = nil, _ meaning: String) {
        self.name = name
        self.value = value
        self.meaning = meaning
    }

    static let config = Option(
        "--config", "FILE", "settings file; without it config/atrium.env if it is there")
    static let help = Option("--help", nil, "show this")
}

enum ExitCode {
    static let success: Int32 = 0
    static let failure: Int32 = 1
    static let usage: Int32 = 2
}

/// The command line was wrong; nothing has been done.
struct UsageError: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
