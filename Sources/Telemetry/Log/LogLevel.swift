/// How much a line of the log matters.
package enum LogLevel: String, Sendable, CaseIterable, Comparable {
    /// For whoever works on the program.
    case debug
    /// The ordinary course of things.
    case info
    /// Something needed a second way round, and found one.
    case warning
    /// Something that was asked for did not happen. Written out at once.
    case error

    private var weight: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.weight < right.weight }
}
