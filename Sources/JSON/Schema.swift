import Values

/// A schema in the sense of JSON Schema 2020-12, as OpenAPI 3.1 uses it.
package struct Schema: Sendable {
    package enum Kind: String, Sendable { case any, boolean, integer, number, string, array, object }

    package var kind: Kind
    package var format: String?
    package var pattern: String?
    package var cases: [String]?
    package var minLength: Int?
    package var maxLength: Int?
    package var minimum: DecimalNumber?
    package var maximum: DecimalNumber?
    package var exclusiveMinimum: DecimalNumber?
    package var multipleOf: DecimalNumber?
    package var minItems: Int?
    package var maxItems: Int?
    package var uniqueItems = false
    package var isNullable = false
    package var doc: String?
    package var fallback: JSONText?
    /// A value that fits where that cannot be told from the rest: a spelling of a module's own.
    package var specimen: JSONValue?
    package var properties: [Property] = []
    /// The name under which the schema stands among the components; others refer to it by that name.
    package var name: String?
    /// Gives the properties of a named schema, which may refer to itself.
    var resolve: (@Sendable () -> Schema)?
    private var nested: [Schema] = []

    package init(_ kind: Kind, format: String? = nil) {
        self.kind = kind
        self.format = format
    }

    package struct Property: Sendable {
        package var name: String
        package var schema: Schema
        package var isRequired: Bool
        /// Stands in an example though it may be left out.
        var isShown = false

        package init(name: String, schema: Schema, isRequired: Bool) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    /// The elements' schema of an array, the values' of a map.
    package var items: Schema? {
        get { nested.first }
        set { nested = newValue.map { [$0] } ?? [] }
    }

    package static func array(of items: Schema) -> Schema {
        var schema = Schema(.array)
        schema.items = items
        return schema
    }

    /// An object with names of its own.
    package static func map(of values: Schema) -> Schema {
        var schema = Schema(.object)
        schema.items = values
        return schema
    }

    package static func object(_ properties: [Property]) -> Schema {
        var schema = Schema(.object)
        schema.properties = properties
        return schema
    }

    /// A schema that stands among the components.
    package static func named(_ name: String, _ resolve: @escaping @Sendable () -> Schema) -> Schema {
        var schema = Schema(.object)
        schema.name = name
        schema.resolve = resolve
        return schema
    }

    /// Completes "must be …".
    package var expectation: String {
        if let cases { return "one of " + cases.joined(separator: ", ") }
        switch (kind, format) {
        case (.boolean, _): return "true or false"
        case (.integer, _): return "a whole number"
        case (.number, _): return "a number"
        case (.string, "uuid"): return "a UUID"
        case (.string, "date"): return "a date (YYYY-MM-DD)"
        case (.string, "date-time"): return "an instant (RFC 3339)"
        default: return "a value of the right form"
        }
    }
}
