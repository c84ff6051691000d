import JSON
import Values

/// Checks a JSON value against the schema that the API declares for it (JSON Schema 2020-12, as far as ours go).
package struct SchemaValidator {
    package private(set) var violations: [String] = []
    private var components: [String: Schema] = [:]

    package static func violations(of value: JSONValue, against schema: Schema) -> [String] {
        var validator = SchemaValidator()
        schema.collect(into: &validator.components)
        validator.check(value, schema, "$")
        return validator.violations
    }

    private mutating func check(_ value: JSONValue, _ declared: Schema, _ path: String) {
        if value.isNull {
            if !declared.isNullable, declared.kind != .any { report(path, "is null") }
            return
        }
        let schema = declared.name.flatMap { components[$0] } ?? declared
        switch schema.kind {
        case .any: return
        case .boolean: if value.bool == nil { report(path, "is no boolean") }
        case .integer: if value.number?.whole == nil { report(path, "is no whole number") }
        case .number: if value.number == nil { report(path, "is no number") }
        case .string: checkString(value, schema, path)
        case .array: checkArray(value, schema, path)
        case .object: checkObject(value, schema, path)
        }
    }

    private mutating func checkString(_ value: JSONValue, _ schema: Schema, _ path: String) {
        guard let text = value.string else { return report(path, "is no string") }
        if let cases = schema.cases, !cases.contains(text) { report(path, "is \(text), none of \(cases)") }
        if let most = schema.maxLength, text.count > most { report(path, "is longer than \(most)") }
        let isWellFormed = switch schema.format {
        case "uuid": UUID(text) != nil
        case "date": Day(text) != nil
        case "date-time": Instant(text) != nil && text.hasSuffix("Z")
        default: true
        }
        if !isWellFormed { report(path, "\(text) is no \(schema.format ?? "")") }
    }

    private mutating func checkArray(_ value: JSONValue, _ schema: Schema, _ path: String) {
        guard let elements = value.array else { return report(path, "is no array") }
        guard let items = schema.items else { return }
        for (index, element) in elements.enumerated() { check(element, items, "\(path)[\(index)]") }
    }

    private mutating func checkObject(_ value: JSONValue, _ schema: Schema, _ path: String) {
        guard let members = value.object else { return report(path, "is no object") }
        if let items = schema.items {
            for (name, member) in members { check(member, items, "\(path).\(name)") }
            return
        }
        for property in schema.properties where property.isRequired && value[property.name] == nil {
            report(path, "lacks \(property.name)")
        }
        for (name, member) in members {
            guard let property = schema.properties.first(where: { $0.name == name }) else {
                report(path, "has \(name), which is not declared")
                continue
            }
            check(member, property.schema, "\(path).\(name)")
        }
    }

    private mutating func report(_ path: String, _ what: String) { violations.append("\(path) \(what)") }
}
