/// Reads the number grammar of RFC 8259, section 6, into an exact mantissa and scale.
struct DecimalReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var mantissa: Int64 = 0
    private var scale = 0
    /// Zeros seen since the last other digit: they count only when another digit follows, so that 1.50000000000000000000
    /// still fits.
    private var heldZeros = 0
    private var overflowed = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func number() -> DecimalNumber? {
        let negative = take(UInt8(ascii: "-"))
        guard integer(), fraction(), let exponent = exponent(), position == bytes.count, !overflowed else { return nil }
        if mantissa == 0 { return DecimalNumber(0) }
        if !negative, mantissa == .min { return nil }
        return DecimalNumber(mantissa: negative ? mantissa : -mantissa, scale: scale - heldZeros - exponent)
    }

    /// `int = zero / ( digit1-9 *DIGIT )`
    private mutating func integer() -> Bool {
        if take(UInt8(ascii: "0")) { return !isDigit }
        let first = position
        while isDigit { digit(decimal: false) }
        return position > first
    }

    /// `frac = decimal-point 1*DIGIT`
    private mutating func fraction() -> Bool {
        guard take(UInt8(ascii: ".")) else { return true }
        let first = position
        while isDigit { digit(decimal: true) }
        return position > first
    }

    /// `exp = e [ minus / plus ] 1*DIGIT`; beyond four digits nothing but zero could fit.
    private mutating func exponent() -> Int? {
        guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") else { return 0 }
        position += 1
        let negative = take(UInt8(ascii: "-"))
        if !negative { _ = take(UInt8(ascii: "+")) }
        let first = position
        var value = 0
        while isDigit {
            value = min(value * 10 + Int(bytes[position] &- UInt8(ascii: "0")), 100_000)
            position += 1
        }
        guard position > first else { return nil }
        return negative ? -value : value
    }

    private mutating func digit(decimal: Bool) {
        let digit = Int64(bytes[position] &- UInt8(ascii: "0"))
        position += 1
        if decimal { scale += 1 }
        if digit == 0 {
            heldZeros += 1
            return
        }
        while heldZeros > 0, !overflowed {
            append(0)
            heldZeros -= 1
        }
        append(digit)
    }

    /// The mantissa grows below zero, where `Int64` has one value more.
    private mutating func append(_ digit: Int64) {
        let (product, first) = mantissa.multipliedReportingOverflow(by: 10)
        let (sum, second) = product.subtractingReportingOverflow(digit)
        overflowed = overflowed || first || second
        mantissa = sum
    }

    private var isDigit: Bool {
        position < bytes.count && bytes[position] &- UInt8(ascii: "0") <= 9
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}
