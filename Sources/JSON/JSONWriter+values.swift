import Values

extension JSONWriter {
    package mutating func writeNull() {
        separate()
        literal("null")
    }

    package mutating func write(_ value: Bool) {
        separate()
        literal(value ? "true" : "false")
    }

    mutating func literal(_ text: StaticString) {
        append(text.utf8Start, text.utf8CodeUnitCount)
    }

    package mutating func write(_ value: Int64) {
        separate()
        reserve(20)
        var position = count
        if value < 0 {
            base[position] = UInt8(ascii: "-")
            position &+= 1
        }
        count = position &+ Digits.write(value.magnitude, to: base + position)
    }

    package mutating func write(_ value: UInt64) {
        separate()
        reserve(20)
        count &+= Digits.write(value, to: base + count)
    }

    package mutating func write(_ value: Int) { write(Int64(value)) }

    /// The shortest decimal that reads back as the same number; what is no number becomes null.
    package mutating func write(_ value: Double) {
        guard value.isFinite else { return writeNull() }
        separate()
        var text = value.description
        text.withUTF8 { append($0.baseAddress!, $0.count) }
    }

    /// A number by its exact spelling.
    package mutating func writeNumber<T: ASCIIText>(_ value: T) {
        separate()
        append(atMost: T.longestText) { value.writeText(to: $0) }
    }

    /// mantissa × 10^−scale by its shortest spelling.
    mutating func writeNumber(mantissa: Int64, scale: Int) {
        separate()
        append(atMost: 24) { DecimalText.write(mantissa: mantissa, scale: scale, trimmed: true, to: $0) }
    }

    /// A string whose spelling needs no escaping.
    package mutating func writeQuoted<T: ASCIIText>(_ value: T) {
        separate()
        append(atMost: T.longestText &+ 2) { start in
            start[0] = UInt8(ascii: "\"")
            let length = value.writeText(to: start + 1)
            start[length &+ 1] = UInt8(ascii: "\"")
            return length &+ 2
        }
    }

    /// JSON that was encoded before, as it is.
    package mutating func write(raw bytes: UnsafeRawBufferPointer) {
        separate()
        append(raw: bytes)
    }

    /// Bytes as they are, without a comma in front.
    package mutating func append(raw bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        append(start.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
}
