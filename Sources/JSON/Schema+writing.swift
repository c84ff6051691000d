import Values

extension Schema: JSONWritable {
    /// The schema as it stands inside another: a named one as a reference.
    package func write(to writer: inout JSONWriter) {
        guard let name else { return writeBody(to: &writer) }
        writer.object { writer in
            if isNullable {
                writer.key("anyOf")
                writer.array { writer in
                    writer.object { $0.member("$ref", Self.reference(name)) }
                    writer.object { $0.member("type", "null") }
                }
            } else {
                writer.member("$ref", Self.reference(name))
            }
            if let doc { writer.member("description", doc) }
        }
    }

    package static func reference(_ name: String) -> String { "#/components/schemas/\(name)" }

    /// The schema in full, as it stands among the components.
    package func writeDefinition(to writer: inout JSONWriter) {
        (resolve?() ?? self).writeBody(to: &writer)
    }

    private func writeBody(to writer: inout JSONWriter) {
        writer.object { writer in
            writeType(to: &writer)
            if let format { writer.member("format", format) }
            if let pattern { writer.member("pattern", pattern) }
            if let cases { writer.member("enum", cases.map { Optional($0) } + (isNullable ? [nil] : [])) }
            writeBounds(to: &writer)
            if kind == .array, let items { writer.member("items", items) }
            if kind == .object { writeMembers(to: &writer) }
            if let fallback { writer.member("default", fallback) }
            if let doc { writer.member("description", doc) }
        }
    }

    private func writeType(to writer: inout JSONWriter) {
        guard kind != .any else { return }
        if isNullable { writer.member("type", [kind.rawValue, "null"]) } else { writer.member("type", kind.rawValue) }
    }

    private func writeBounds(to writer: inout JSONWriter) {
        if let minLength { writer.member("minLength", minLength) }
        if let maxLength { writer.member("maxLength", maxLength) }
        if let minimum { writer.member("minimum", minimum) }
        if let maximum { writer.member("maximum", maximum) }
        if let exclusiveMinimum { writer.member("exclusiveMinimum", exclusiveMinimum) }
        if let multipleOf, multipleOf != 1 { writer.member("multipleOf", multipleOf) }
        let isMap = kind == .object
        if let minItems { writer.member(isMap ? "minProperties" : "minItems", minItems) }
        if let maxItems { writer.member(isMap ? "maxProperties" : "maxItems", maxItems) }
        if uniqueItems { writer.member("uniqueItems", true) }
    }

    private func writeMembers(to writer: inout JSONWriter) {
        if let items {
            writer.member("additionalProperties", items)
            return
        }
        writer.key("properties")
        writer.object { writer in
            for property in properties { writer.member(name: property.name, property.schema) }
        }
        let required = properties.filter(\.isRequired).map(\.name)
        if !required.isEmpty { writer.member("required", required) }
        writer.member("additionalProperties", false)
    }
}

extension Schema {
    /// Every named schema that this one needs, by name, itself included.
    package var components: [String: Schema] {
        var found: [String: Schema] = [:]
        collect(into: &found)
        return found
    }

    package func collect(into found: inout [String: Schema]) {
        var schema = self
        if let name {
            guard found[name] == nil else { return }
            schema = resolve?() ?? self
            found[name] = schema
        }
        schema.items?.collect(into: &found)
        for property in schema.properties { property.schema.collect(into: &found) }
    }
}
