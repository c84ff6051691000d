/// What a part of the program writes its lines to: an output, and fields that each of its lines carries.
///
///     log.info("job done", ["queue": "mail", "attempt": LogValue(job.attempt)])
///
/// Messages are constants; whatever varies is a field, so that lines can be searched and secrets be found by name.
package struct Log: Sendable {
    private let output: LogOutput?
    private var carried: [(key: LogKey, value: LogValue)] = []

    package init(_ output: LogOutput) { self.output = output }

    private init() { output = nil }

    /// Writes nothing.
    package static let silent = Log()

    /// A log whose lines carry these fields too.
    package func with(_ fields: LogFields) -> Log {
        var log = self
        log.carried += fields.pairs
        return log
    }

    package func isEnabled(_ level: LogLevel) -> Bool {
        guard let output else { return false }
        return level >= output.level
    }

    package func debug(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        record(.debug, message, fields)
    }

    package func info(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        record(.info, message, fields)
    }

    package func warning(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        record(.warning, message, fields)
    }

    package func error(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        record(.error, message, fields)
    }

    /// Writes a line field by field, without arrays in between: for lines written at every request.
    package func record(_ level: LogLevel, _ message: StaticString, _ body: (inout LogLine) -> Void) {
        guard let output, level >= output.level else { return }
        output.record(level, message) { line in
            for (key, value) in carried { line.add(key, value) }
            body(&line)
        }
    }

    private func record(_ level: LogLevel, _ message: StaticString, _ fields: () -> LogFields) {
        record(level, message) { line in
            for (key, value) in fields().pairs { line.add(key, value) }
        }
    }
}
