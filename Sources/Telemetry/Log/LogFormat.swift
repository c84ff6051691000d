/// How a line looks.
package enum LogFormat: String, Sendable {
    /// One JSON object a line, for machines.
    case json
    /// Time, level, message and fields in columns, for a person at a terminal.
    case terminal
}
