/// An exact decimal with a fixed number of decimals: `raw` is the value times 10^scale.
package struct FixedPoint<let scale: Int>: Hashable, Comparable, Sendable {
    package let raw: Int64

    @inlinable
    package init(raw: Int64) {
        self.raw = raw
    }

    /// A whole number; nil when it does not fit.
    package init?(whole: Int64) {
        guard let unit = Digits.power(scale) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        self.init(raw: product)
    }

    package static var zero: Self { Self(raw: 0) }

    package var isNegative: Bool { raw < 0 }

    package static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

package typealias Quantity = FixedPoint<3>
package typealias UnitPrice = FixedPoint<6>
package typealias Area = FixedPoint<2>
package typealias Percent = FixedPoint<2>

extension FixedPoint: ExpressibleByIntegerLiteral {
    /// For constants in the program's text; a literal that does not fit is a bug.
    package init(integerLiteral value: Int64) {
        guard let number = Self(whole: value) else { preconditionFailure("\(value) does not fit \(scale) decimals") }
        self = number
    }
}

extension FixedPoint {
    package static func + (left: Self, right: Self) throws(ArithmeticError) -> Self {
        let (sum, overflow) = left.raw.addingReportingOverflow(right.raw)
        guard !overflow else { throw .overflow }
        return Self(raw: sum)
    }

    package static func - (left: Self, right: Self) throws(ArithmeticError) -> Self {
        let (difference, overflow) = left.raw.subtractingReportingOverflow(right.raw)
        guard !overflow else { throw .overflow }
        return Self(raw: difference)
    }

    package static func * (left: Self, count: Int64) throws(ArithmeticError) -> Self {
        let (product, overflow) = left.raw.multipliedReportingOverflow(by: count)
        guard !overflow else { throw .overflow }
        return Self(raw: product)
    }

    /// Divided by a whole number, half up.
    package func divided(by count: Int64) throws(ArithmeticError) -> Self {
        Self(raw: try Rounding.halfUp(Int128(raw), dividedBy: Int128(count)))
    }

    /// The product with another decimal, rounded half up to the decimals asked for.
    package func multiplied<let other: Int, let result: Int>(
        by factor: FixedPoint<other>
    ) throws(ArithmeticError) -> FixedPoint<result> {
        FixedPoint<result>(
            raw: try Rounding.rescale(Int128(raw) * Int128(factor.raw), from: scale + other, to: result))
    }

    /// The same number with another number of decimals, rounded half up where digits go.
    package func rounded<let result: Int>() throws(ArithmeticError) -> FixedPoint<result> {
        FixedPoint<result>(raw: try Rounding.rescale(Int128(raw), from: scale, to: result))
    }
}

extension Sequence {
    /// The checked sum.
    package func sum<let scale: Int>() throws(ArithmeticError) -> FixedPoint<scale> where Element == FixedPoint<scale> {
        var total = FixedPoint<scale>.zero
        for element in self { total = try total + element }
        return total
    }
}
