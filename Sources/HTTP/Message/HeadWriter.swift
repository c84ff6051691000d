import Glibc

/// Appends fields to an answer's head, directly in the connection's write buffer. The server itself writes the status
/// line, Date, Content-Length or Transfer-Encoding, and Connection.
package struct HeadWriter: ~Copyable {
    private let out: UnsafeMutablePointer<OutgoingBytes>

    init(_ out: UnsafeMutablePointer<OutgoingBytes>) { self.out = out }

    /// A field whose value is a constant.
    package func field(_ name: StaticString, _ value: StaticString) {
        begin(name)
        out.pointee.append(value)
        end()
    }

    /// A field whose value is text; control characters in it become spaces, so that no caller can split an answer
    /// (RFC 9110 section 5.5).
    package func field(_ name: StaticString, _ value: String) {
        begin(name)
        var value = value
        value.withUTF8 { appendValue(UnsafeRawBufferPointer($0)) }
        end()
    }

    /// A field whose value is given as bytes, treated like text.
    package func field(_ name: StaticString, bytes: UnsafeRawBufferPointer) {
        begin(name)
        appendValue(bytes)
        end()
    }

    /// A field whose value is a whole number.
    package func field(_ name: StaticString, _ value: Int) {
        begin(name)
        out.pointee.append(decimal: value)
        end()
    }

    /// An entity tag, of the representation itself or of it packed by gzip (`EntityTag.packed`).
    func field(_ name: StaticString, _ tag: EntityTag, isPacked: Bool) {
        begin(name)
        out.pointee.append(tag.isWeak ? "W/\"" : "\"")
        var opaque = tag.opaque
        opaque.withUTF8 { out.pointee.append(UnsafeRawBufferPointer($0)) }
        out.pointee.append(isPacked ? "-gzip\"" : "\"")
        end()
    }

    /// Several fields prepared once, copied in one piece.
    package func block(_ block: FieldBlock) {
        block.bytes.withUnsafeBytes { out.pointee.append($0) }
    }

    private func begin(_ name: StaticString) {
        out.pointee.append(name)
        out.pointee.append(": ")
    }

    private func end() { out.pointee.append("\r\n") }

    private func appendValue(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        if Grammar.isFieldText(start.assumingMemoryBound(to: UInt8.self), bytes.count) {
            out.pointee.append(bytes)
        } else {
            for byte in bytes { out.pointee.append(byte: byte < 0x20 || byte == 0x7f ? 0x20 : byte) }
        }
    }
}
