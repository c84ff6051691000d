/// Exact intermediate results in 128 bits and the one rounding this program knows.
enum Rounding {
    /// `value / divisor`, half up away from zero: 2.5 → 3, −2.5 → −3, so that a refund mirrors its charge.
    static func halfUp(_ value: Int128, dividedBy divisor: Int128) throws(ArithmeticError) -> Int64 {
        guard divisor != 0 else { throw .divisionByZero }
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        let up = rest.magnitude >= divisor.magnitude - rest.magnitude
        let away: Int128 = (value < 0) == (divisor < 0) ? 1 : -1
        guard let result = Int64(exactly: up ? quotient + away : quotient) else { throw .overflow }
        return result
    }

    /// `value × 10^(to − from)`: a number of `from` decimals as one of `to` decimals, rounded half up where digits go.
    static func rescale(_ value: Int128, from: Int, to: Int) throws(ArithmeticError) -> Int64 {
        guard let factor = Digits.power(abs(from - to)) else { throw .overflow }
        if from > to { return try halfUp(value, dividedBy: Int128(factor)) }
        let (product, overflow) = value.multipliedReportingOverflow(by: Int128(factor))
        guard !overflow, let result = Int64(exactly: product) else { throw .overflow }
        return result
    }
}
