import Values

/// An object that is written and read by its shape.
///
///     struct NewReading: Shaped {
///         let meter: ID<Meter>
///         let value: Quantity
///         static let shape = Shape<Self>(
///             "NewReading", Self.init,
///             Field("meterId", { $0.meter }),
///             Field("value", { $0.value }, .above(0)))
///     }
package protocol Shaped: WireOutput, WireValue {}

extension Shaped {
    package init(from reader: inout JSONReader) throws { self = try Self.shape.read(from: &reader) }

    /// A body that its own checks accept. Throws what they find wrong with the example of the schema.
    package static func example() throws -> JSONValue {
        let example = shape.schema.example
        _ = try decode(json: example.jsonBytes)
        return example
    }

    /// Reads the parameters of a query; throws `InvalidInput`.
    package static func decode(query: [(name: String, value: String)]) throws -> Self {
        try shape.read(query: query)
    }
}
