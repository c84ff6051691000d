/// Spelling of a mantissa with a decimal point.
package enum DecimalText {
    /// Writes `mantissa / 10^scale` in at most 24 bytes and returns the length. `trimmed` leaves out zeros at the end of the
    /// decimals. The scale is 0 to 18.
    package static func write(
        mantissa: Int64, scale: Int, trimmed: Bool, to start: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var digits = mantissa.magnitude
        var decimals = scale
        if trimmed {
            while decimals > 0, digits % 10 == 0 {
                digits /= 10
                decimals -= 1
            }
        }
        var position = 0
        if mantissa < 0 {
            start[0] = UInt8(ascii: "-")
            position = 1
        }
        guard decimals > 0, let unit = Digits.power(decimals) else {
            return position + Digits.write(digits, to: start + position)
        }
        let (whole, fraction) = digits.quotientAndRemainder(dividingBy: UInt64(unit))
        position += Digits.write(whole, to: start + position)
        start[position] = UInt8(ascii: ".")
        Digits.write(Int(fraction), count: decimals, to: start + position + 1)
        return position + 1 + decimals
    }
}
