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
