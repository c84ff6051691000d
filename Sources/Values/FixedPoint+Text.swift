extension FixedPoint: ASCIIText {
    package static var longestText: Int { 24 }

    /// The shortest spelling: `12.5`, `-0.25`, `7`.
    package func writeText(to start: UnsafeMutablePointer<UInt8>) -> Int {
        DecimalText.write(mantissa: raw, scale: scale, trimmed: true, to: start)
    }

    /// `-?digits[.digits]`, as JSON and PostgreSQL spell numbers; more decimals than the type has are refused unless they
    /// are zeros, because cutting them off would change the number.
    package init?(ascii: UnsafeBufferPointer<UInt8>) {
        guard let raw = DecimalNumber(ascii: ascii)?.raw(decimals: scale) else { return nil }
        self.init(raw: raw)
    }

    /// With all decimals of the type: `12.500`.
    package var padded: String {
        String(unsafeUninitializedCapacity: 24) {
            DecimalText.write(mantissa: raw, scale: scale, trimmed: false, to: $0.baseAddress!)
        }
    }
}
