/// Rows on their way into a table, in COPY's text form (manual, COPY).
package struct CopyWriter {
    private static let pieceSize = 1 << 16

    private let connection: PlainConnection
    private var bytes: [UInt8] = []

    init(_ connection: PlainConnection) { self.connection = connection }

    /// Appends a row, its values in the order of the columns; suspends while the server takes no more.
    package mutating func row<each Value: PostgresBindable>(_ values: repeat each Value) async throws {
        var isFirst = true
        for value in repeat each values {
            if !isFirst { bytes.append(UInt8(ascii: "\t")) }
            isFirst = false
            try append(value)
        }
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= CopyWriter.pieceSize { try await send() }
    }

    private mutating func append<T: PostgresBindable>(_ value: T) throws {
        let draft = StatementDraft(binds: 1)
        draft.beginBind(T.self)
        value.bind(to: draft)
        draft.endBind()
        if let refusal = draft.refusal { throw refusal }
        let bind = draft.binds[0]
        if bind.length < 0 {
            bytes.append(contentsOf: "\\N".utf8)
            return
        }
        let content = UnsafeBufferPointer(start: draft.bytes, count: Int(bind.length))
        if bind.isBinary { appendHexadecimal(content) } else { appendEscaped(content) }
    }

    private mutating func appendEscaped(_ content: UnsafeBufferPointer<UInt8>) {
        for byte in content {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
            default: bytes.append(byte)
            }
        }
    }

    private mutating func appendHexadecimal(_ content: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: "\\\\x".utf8)
        let digits = Array("0123456789abcdef".utf8)
        for byte in content {
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }

    mutating func send() async throws {
        let piece = bytes
        bytes.removeAll(keepingCapacity: true)
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: piece.count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: piece)
        try await connection.copy(UnsafeBufferPointer(copy))
    }
}
