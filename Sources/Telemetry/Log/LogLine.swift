import Values

/// One line while it is being written, at the end of its buffer. Values of secret keys are replaced, long ones are cut,
/// and nothing in a value can end the line or forge a field.
package struct LogLine: ~Copyable {
    /// Longer texts are cut: a log line is no place for a body.
    static let longestText = 4096

    var bytes: [UInt8]
    private let format: LogFormat

    init(_ bytes: consuming [UInt8], format: LogFormat) {
        self.bytes = bytes
        self.format = format
    }

    mutating func begin(_ level: LogLevel, _ message: StaticString, at instant: Instant) {
        switch format {
        case .json:
            append(#"{"time":""#)
            append(instant)
            append(#"","level":""#)
            bytes += level.rawValue.utf8
            append(#"","message":"#)
            message.withUTF8Buffer { appendQuoted(UnsafeRawBufferPointer($0)) }
        case .terminal:
            append(instant)
            append(level.label)
            message.withUTF8Buffer { bytes += $0 }
        }
    }

    mutating func end() {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Adds a field.
    package mutating func add(_ key: LogKey, _ value: LogValue) {
        switch value {
        case .text(let text): add(key, text)
        case .integer(let number): add(key, Int(number))
        case .flag(let flag): addPlain(key, flag ? "true" : "false")
        // JSON has no other numbers (RFC 8259 section 6).
        case .number(let number): number.isFinite ? addPlain(key, number.description) : add(key, number.description)
        }
    }

    package mutating func add(_ key: LogKey, _ number: Int) { addPlain(key, number.description) }

    package mutating func add(_ key: LogKey, _ text: String) {
        var text = text
        text.withUTF8 { add(key, utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Adds text that is still in somebody's buffer; bytes that are no UTF-8 are replaced.
    package mutating func add(_ key: LogKey, utf8 text: UnsafeRawBufferPointer) {
        begin(key)
        if key.isSecret { return appendQuoted(Redaction.mark) }
        appendQuoted(text)
    }

    private mutating func addPlain(_ key: LogKey, _ value: String) {
        begin(key)
        if key.isSecret { return appendQuoted(Redaction.mark) }
        bytes += value.utf8
    }

    private mutating func begin(_ key: LogKey) {
        switch format {
        case .json:
            bytes.append(UInt8(ascii: ","))
            appendQuoted(key.name)
            bytes.append(UInt8(ascii: ":"))
        case .terminal:
            bytes.append(UInt8(ascii: " "))
            bytes += key.name.utf8
            bytes.append(UInt8(ascii: "="))
        }
    }

    private mutating func append(_ text: StaticString) { text.withUTF8Buffer { bytes += $0 } }

    private mutating func append(_ instant: Instant) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Instant.longestText) { text in
            let count = instant.writeText(to: text.baseAddress!)
            bytes += text[..<count]
        }
    }

    private mutating func appendQuoted(_ text: String) {
        var text = text
        text.withUTF8 { appendQuoted(UnsafeRawBufferPointer($0)) }
    }

    private mutating func appendQuoted(_ text: UnsafeRawBufferPointer) {
        LogText.append(text, to: &bytes, limit: Self.longestText)
    }
}

extension LogLevel {
    fileprivate var label: StaticString {
        switch self {
        case .debug: " debug   "
        case .info: " info    "
        case .warning: " WARNING "
        case .error: " ERROR   "
        }
    }
}
