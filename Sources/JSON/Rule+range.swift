import Values

extension Rule where Value: Comparable & WireValue {
    /// `.range(0...)`, `.range(1...100)`, `.range(...10)`: numbers, days, instants.
    package static func range(_ range: some RangeExpression<Value>) -> Rule {
        let bounds = Bounds<Value>(range)
        let error = FieldError(field: "", code: "range", message: "must be \(bounds.text)")
        return Rule(
            describe: { schema in
                schema.minimum = (bounds.least as? any WireNumber)?.decimal
                schema.maximum = (bounds.most as? any WireNumber)?.decimal
            },
            apply: { value, errors in
                if !bounds.contains(value) { errors.append(error) }
            })
    }

    /// `.above(0)`: greater than, not equal.
    package static func above(_ least: Value) -> Rule {
        let error = FieldError(field: "", code: "range", message: "must be greater than \(least)")
        return Rule(
            describe: { $0.exclusiveMinimum = (least as? any WireNumber)?.decimal },
            apply: { value, errors in
                if value <= least { errors.append(error) }
            })
    }
}
