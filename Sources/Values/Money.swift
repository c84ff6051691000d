/// An amount in whole minor units of one currency.
package struct Money: Hashable, Sendable {
    package let minor: Int64
    package let currency: Currency

    package init(minor: Int64, currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    package static func zero(_ currency: Currency) -> Money { Money(minor: 0, currency: currency) }

    package var isZero: Bool { minor == 0 }
    package var isNegative: Bool { minor < 0 }
    package var isPositive: Bool { minor > 0 }

    /// The amount in major units, exact.
    package var decimal: DecimalNumber {
        // An exponent is at most 3, so the mantissa only ever loses zeros.
        DecimalNumber(mantissa: minor, scale: currency.exponent) ?? DecimalNumber(0)
    }
}

extension Money {
    package static func + (left: Money, right: Money) throws(ArithmeticError) -> Money {
        guard left.currency == right.currency else { throw .currencyMismatch }
        let (sum, overflow) = left.minor.addingReportingOverflow(right.minor)
        guard !overflow else { throw .overflow }
        return Money(minor: sum, currency: left.currency)
    }

    package static func - (left: Money, right: Money) throws(ArithmeticError) -> Money {
        guard left.currency == right.currency else { throw .currencyMismatch }
        let (difference, overflow) = left.minor.subtractingReportingOverflow(right.minor)
        guard !overflow else { throw .overflow }
        return Money(minor: difference, currency: left.currency)
    }

    package static func * (left: Money, count: Int64) throws(ArithmeticError) -> Money {
        let (product, overflow) = left.minor.multipliedReportingOverflow(by: count)
        guard !overflow else { throw .overflow }
        return Money(minor: product, currency: left.currency)
    }

    package func negated() throws(ArithmeticError) -> Money { try .zero(currency) - self }

    /// `percent` of the amount, half up.
    package func part(_ percent: Percent) throws(ArithmeticError) -> Money {
        try scaled(by: percent.raw, over: 10_000)
    }

    /// `amount × numerator ÷ denominator`, half up.
    package func scaled(by numerator: Int64, over denominator: Int64) throws(ArithmeticError) -> Money {
        let minor = try Rounding.halfUp(Int128(minor) * Int128(numerator), dividedBy: Int128(denominator))
        return Money(minor: minor, currency: currency)
    }
}

extension FixedPoint {
    /// Quantity × price in major units, rounded once, half up, to the currency's minor unit.
    package func times<let other: Int>(
        _ factor: FixedPoint<other>, in currency: Currency
    ) throws(ArithmeticError) -> Money {
        let product = Int128(raw) * Int128(factor.raw)
        return Money(
            minor: try Rounding.rescale(product, from: scale + other, to: currency.exponent), currency: currency)
    }

    /// The number as an amount in major units, rounded half up to the currency's minor unit.
    package func money(in currency: Currency) throws(ArithmeticError) -> Money {
        Money(minor: try Rounding.rescale(Int128(raw), from: scale, to: currency.exponent), currency: currency)
    }
}

extension Sequence<Money> {
    /// The checked sum in `currency`; an amount of another currency is refused.
    package func sum(in currency: Currency) throws(ArithmeticError) -> Money {
        var total = Money.zero(currency)
        for amount in self { total = try total + amount }
        return total
    }
}

extension Money: CustomStringConvertible {
    /// `1234.50 EUR`: with all decimals of the currency.
    package var description: String {
        let number = String(unsafeUninitializedCapacity: 24) {
            DecimalText.write(mantissa: minor, scale: currency.exponent, trimmed: false, to: $0.baseAddress!)
        }
        return "\(number) \(currency)"
    }
}
