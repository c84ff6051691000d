/// An object that is written by its shape and never read: most answers.
package protocol WireOutput: JSONWritable, SchemaDescribed, Sendable {
    static var shape: Shape<Self> { get }
}

extension WireOutput {
    package func write(to writer: inout JSONWriter) { Self.shape.write(self, to: &writer) }

    package static var schema: Schema { shape.reference }
}
