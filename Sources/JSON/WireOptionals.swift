import Values

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// Nil is written as null.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .none: writer.writeNull()
        case .some(let value): value.write(to: &writer)
        }
    }
}

extension Optional: JSONReadable where Wrapped: JSONReadable {
    package init(from reader: inout JSONReader) throws {
        self = try reader.readNull() ? nil : Wrapped(from: &reader)
    }
}

extension Optional: SchemaDescribed where Wrapped: SchemaDescribed {
    package typealias Checked = Wrapped.Checked

    package static var schema: Schema {
        var schema = Wrapped.schema
        schema.isNullable = true
        return schema
    }
}

extension Optional: WireValue where Wrapped: WireValue {
    package static var missing: Self? { .some(nil) }

    package init(parameter text: Substring) throws { self = try Wrapped(parameter: text) }

    package static func completed(_ rules: [Rule<Wrapped.Checked>]) -> [Rule<Wrapped.Checked>] {
        Wrapped.completed(rules)
    }

    package static func check(_ value: inout Self, by rules: [Rule<Wrapped.Checked>.Check], into errors: inout [FieldError]) {
        if case .none = value { return }
        Wrapped.check(&value!, by: rules, into: &errors)
    }
}

extension Patch: JSONWritable where Value: JSONWritable {
    /// A member that is absent is left out by the object around it; alone it is null.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .absent: writer.writeNull()
        case .set(let value): value.write(to: &writer)
        }
    }
}

extension Patch: JSONReadable where Value: JSONReadable {
    package init(from reader: inout JSONReader) throws { self = .set(try Value(from: &reader)) }
}

extension Patch: SchemaDescribed where Value: SchemaDescribed {
    package typealias Checked = Value.Checked

    package static var schema: Schema { Value.schema }
}

extension Patch: WireValue where Value: WireValue {
    package static var missing: Self? { .absent }

    package init(parameter text: Substring) throws { self = .set(try Value(parameter: text)) }

    package static func completed(_ rules: [Rule<Value.Checked>]) -> [Rule<Value.Checked>] { Value.completed(rules) }

    package static func check(_ value: inout Self, by rules: [Rule<Value.Checked>.Check], into errors: inout [FieldError]) {
        guard case .set(var set) = value else { return }
        Value.check(&set, by: rules, into: &errors)
        value = .set(set)
    }
}
