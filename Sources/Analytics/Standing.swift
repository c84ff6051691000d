import JSON

/// What was made before, as it is written: in place of what it was made of.
struct Standing<Value: JSONWritable & SchemaDescribed & Sendable>: JSONWritable, SchemaDescribed, Sendable {
    let text: JSONText

    func write(to writer: inout JSONWriter) { text.write(to: &writer) }

    static var schema: Schema { Value.schema }
}
