/// A value that writes itself as one JSON value.
package protocol JSONWritable: SendableMetatype {
    func write(to writer: inout JSONWriter)
}

/// Appends `value` to `writer`.
package func encode(_ value: some JSONWritable, into writer: inout JSONWriter) {
    value.write(to: &writer)
}

extension JSONWritable {
    /// The value's JSON in bytes of its own; hot code writes into a `JSONWriter` that it keeps.
    package var jsonBytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// The value's JSON as text, for cold code and tests.
    package var jsonString: String {
        String(decoding: jsonBytes, as: UTF8.self)
    }
}
