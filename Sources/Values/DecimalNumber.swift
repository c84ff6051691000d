/// A number as it was spelled, kept exact: `mantissa / 10^scale`, in lowest terms, with a scale of 0 to 18.
package struct DecimalNumber: Hashable, Sendable {
    package let mantissa: Int64
    package let scale: Int

    /// Nil when the number does not fit 64 bits of mantissa and 18 decimals.
    package init?(mantissa: Int64, scale: Int) {
        var digits = mantissa
        var decimals = digits == 0 ? 0 : scale
        while decimals > 0, digits % 10 == 0 {
            digits /= 10
            decimals -= 1
        }
        while decimals < 0 {
            let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            digits = product
            decimals += 1
        }
        guard decimals <= 18 else { return nil }
        self.mantissa = digits
        self.scale = decimals
    }

    package init(_ whole: Int64) {
        mantissa = whole
        scale = 0
    }

    package init<let decimals: Int>(_ number: FixedPoint<decimals>) {
        var digits = number.raw
        var rest = digits == 0 ? 0 : decimals
        while rest > 0, digits % 10 == 0 {
            digits /= 10
            rest -= 1
        }
        mantissa = digits
        scale = rest
    }

    /// In the currency's minor units; nil when it has more decimals than the currency or does not fit.
    package func minorUnits(of currency: Currency) -> Int64? { raw(decimals: currency.exponent) }

    /// As money; nil when it has more decimals than the currency or does not fit.
    package func money(_ currency: Currency) -> Money? {
        minorUnits(of: currency).map { Money(minor: $0, currency: currency) }
    }

    /// With a fixed number of decimals; nil when it has more or does not fit.
    package func fixed<let decimals: Int>() -> FixedPoint<decimals>? {
        raw(decimals: decimals).map { FixedPoint(raw: $0) }
    }

    /// As a whole number; nil when it has decimals.
    package var whole: Int64? { scale == 0 ? mantissa : nil }

    /// The value times 10^decimals, when that is a whole number that fits.
    package func raw(decimals: Int) -> Int64? {
        guard scale <= decimals, let factor = Digits.power(decimals - scale) else { return nil }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}

extension DecimalNumber: Comparable {
    package static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
        let decimals = max(left.scale, right.scale)
        return left.widened(decimals) < right.widened(decimals)
    }

    /// 64 bits times 10^18 stay within 128 bits.
    private func widened(_ decimals: Int) -> Int128 {
        Int128(mantissa) * Int128(Digits.power(decimals - scale) ?? 1)
    }
}

extension DecimalNumber: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int64) {
        self.init(value)
    }
}

extension DecimalNumber: ASCIIText {
    package static var longestText: Int { 24 }

    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int {
        DecimalText.write(mantissa: mantissa, scale: scale, trimmed: false, to: start)
    }

    /// RFC 8259, section 6: `[ minus ] int [ frac ] [ exp ]`. Nil when it is spelled otherwise or does not fit.
    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        var reader = DecimalReader(ascii)
        guard let number = reader.number() else { return nil }
        self = number
    }
}
