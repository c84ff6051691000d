import Values

/// Bounds of a value or of a count; nil where there is none.
package struct Bounds<Value: Comparable & Sendable>: Sendable {
    let least: Value?
    let most: Value?

    init(_ range: some RangeExpression<Value>) {
        switch range {
        case let range as ClosedRange<Value>: (least, most) = (range.lowerBound, range.upperBound)
        case let range as PartialRangeFrom<Value>: (least, most) = (range.lowerBound, nil)
        case let range as PartialRangeThrough<Value>: (least, most) = (nil, range.upperBound)
        default: preconditionFailure("bounds are written a...b, a... or ...b")
        }
    }

    @inline(__always)
    func contains(_ value: Value) -> Bool {
        if let least, value < least { return false }
        if let most, value > most { return false }
        return true
    }

    /// `at least 1`, `at most 5`, `between 1 and 5`.
    var text: String {
        switch (least, most) {
        case (let least?, let most?): "between \(least) and \(most)"
        case (let least?, nil): "at least \(least)"
        case (nil, let most?): "at most \(most)"
        case (nil, nil): "anything"
        }
    }
}

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

/// A number whose bounds a schema can state.
protocol WireNumber {
    var decimal: DecimalNumber? { get }
}

extension Int: WireNumber { var decimal: DecimalNumber? { DecimalNumber(Int64(self)) } }
extension Int32: WireNumber { var decimal: DecimalNumber? { DecimalNumber(Int64(self)) } }
extension Int64: WireNumber { var decimal: DecimalNumber? { DecimalNumber(self) } }
extension Double: WireNumber { var decimal: DecimalNumber? { DecimalNumber(description) } }
extension FixedPoint: WireNumber { var decimal: DecimalNumber? { DecimalNumber(self) } }
extension DecimalNumber: WireNumber { var decimal: DecimalNumber? { self } }
