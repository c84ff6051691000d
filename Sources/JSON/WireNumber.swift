import Values

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
