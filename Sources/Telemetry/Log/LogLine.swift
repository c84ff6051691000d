import Values

/// One line while it is being written, at the end of its buffer. Values of secret keys are replaced, long ones are cut,
/// and nothing in a value can end the line or forge a field.
package struct LogLine {
    /// Longer texts are cut: a log line is no place for a body.
    static let longestText = 4096

    /// Kept alive by the output for the length of the line; not counted again for each field.
    private unowned(unsafe) let buffer: LogBuffer
    private let format: LogFormat

    init(_ buffer: LogBuffer, format: LogFormat) {
        self.buffer = buffer
        self.format = format
    }

    func begin(_ level: LogLevel, _ message: StaticString, at instant: Instant) {
        switch format {
        case .json:
            append(#"{"time":""#)
            buffer.writer.append(atMost: Instant.longestText) { instant.writeText(to: $0) }
            append(#"","level":""#)
            append(level.name)
            append(#"","message":"#)
            appendQuoted(message)
        case .terminal:
            buffer.writer.append(atMost: Instant.longestText) { instant.writeText(to: $0) }
            append(level.label)
            append(message)
        }
    }

    func end() { append(format == .json ? "}\n" : "\n") }

    /// Adds a field.
    package mutating func add(_ key: LogKey, _ value: LogValue) {
        switch value {
        case .text(let text): add(key, text)
        case .integer(let number): add(key, Int(number))
        case .flag(let flag):
            begin(key)
            key.isSecret ? appendQuoted(Redaction.mark) : append(flag ? "true" : "false")
        // JSON has no other numbers (RFC 8259 section 6).
        case .number(let number) where !number.isFinite: add(key, number.description)
        case .number(let number):
            begin(key)
            if key.isSecret { return appendQuoted(Redaction.mark) }
            var text = number.description
            text.withUTF8 { buffer.writer.append(raw: UnsafeRawBufferPointer($0)) }
        }
    }

    package mutating func add(_ key: LogKey, _ number: Int) {
        begin(key)
        if key.isSecret { return appendQuoted(Redaction.mark) }
        if number < 0 { append("-") }
        buffer.writer.append(atMost: 20) { Digits.write(UInt64(number.magnitude), to: $0) }
    }

    package mutating func add(_ key: LogKey, _ text: String) {
        var text = text
        text.withUTF8 { add(key, utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Adds an identifier, an instant or the like, without a text in between.
    package mutating func add<T: ASCIIText>(_ key: LogKey, _ value: T) {
        begin(key)
        if key.isSecret { return appendQuoted(Redaction.mark) }
        append("\"")
        buffer.writer.append(atMost: T.longestText) { value.writeText(to: $0) }
        append("\"")
    }

    /// Adds text that is still in somebody's buffer; bytes that are no UTF-8 are replaced.
    package mutating func add(_ key: LogKey, utf8 text: UnsafeRawBufferPointer) {
        begin(key)
        if key.isSecret { return appendQuoted(Redaction.mark) }
        appendQuoted(text)
    }

    private func begin(_ key: LogKey) {
        switch format {
        case .json:
            append(",\"")
            append(key.name)
            append("\":")
        case .terminal:
            append(" ")
            append(key.name)
            append("=")
        }
    }

    private func append(_ text: StaticString) {
        buffer.writer.append(raw: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func appendQuoted(_ text: StaticString) {
        appendQuoted(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func appendQuoted(_ text: UnsafeRawBufferPointer) {
        guard text.count <= Self.longestText, LogText.isPlain(text) else {
            return LogText.quoted(text, limit: Self.longestText).withUnsafeBytes { buffer.writer.append(raw: $0) }
        }
        append("\"")
        buffer.writer.append(raw: text)
        append("\"")
    }
}

extension LogLevel {
    fileprivate var name: StaticString {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    fileprivate var label: StaticString {
        switch self {
        case .debug: " debug   "
        case .info: " info    "
        case .warning: " WARNING "
        case .error: " ERROR   "
        }
    }
}
