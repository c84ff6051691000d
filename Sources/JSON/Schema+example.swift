import Values

extension Schema {
    /// A value that fits: of an object the members that are required, and those that the shape shows besides.
    package var example: JSONValue {
        if let resolve { return resolve().example }
        if let specimen { return specimen }
        if let cases { return cases.first.map { .string($0) } ?? .null }
        switch kind {
        case .any: return [:]
        case .boolean: return true
        case .integer, .number: return .number(number.description)
        case .string: return .string(text)
        case .array: return .array(Array(repeating: items?.example ?? [:], count: max(minItems ?? 0, min(maxItems ?? 1, 1))))
        case .object:
            if let items { return minItems ?? 0 > 0 ? ["name": items.example] : [:] }
            return .object(
                properties.filter { $0.isRequired || $0.isShown }.map { (name: $0.name, value: $0.schema.example) })
        }
    }

    /// One, or the next number that the bounds allow.
    private var number: DecimalNumber {
        let one: DecimalNumber = 1
        if let maximum, maximum < one { return maximum }
        if let minimum, minimum > one { return minimum }
        if let exclusiveMinimum, exclusiveMinimum >= one { return maximum ?? exclusiveMinimum }
        return one
    }

    private var text: String {
        switch format {
        case "uuid": return "019a0f3e-6c00-7000-8000-000000000000"
        case "date": return "2026-01-15"
        case "date-time": return "2026-01-15T12:00:00.000Z"
        default:
            let word = "text"
            let length = min(max(minLength ?? 0, word.count), maxLength ?? .max)
            return String(String(repeating: word, count: length / word.count + 1).prefix(length))
        }
    }
}
