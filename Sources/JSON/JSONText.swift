import Values

/// JSON that is passed on as it is: a stored answer, a `jsonb` column.
package struct JSONText: Hashable, Sendable {
    package let bytes: [UInt8]

    /// The bytes must be one JSON value; whoever does not know that uses `decode(json:)`.
    package init(trusted bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(encoding value: some JSONWritable) {
        bytes = value.jsonBytes
    }

    package var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONText: WireValue {
    package func write(to writer: inout JSONWriter) { bytes.withUnsafeBytes { writer.write(raw: $0) } }
    package init(from reader: inout JSONReader) throws { bytes = Array(try reader.readRaw()) }
    package static var schema: Schema { Schema(.any) }
}
