import Testing

@testable import Values

@Suite struct DigitsTests {
    /// Around every power of ten and every power of two the length changes or might.
    @Test func writesAsManyDigitsAsThereAre() {
        var values: [UInt64] = [0, .max]
        for exponent in 0..<20 {
            let power = (0..<exponent).reduce(UInt64(1)) { power, _ in power * 10 }
            values += [power - 1, power, power + 1]
        }
        for bit in 0..<64 { values += [1 << bit, 1 << bit - 1] }
        for value in values {
            let text = String(unsafeUninitializedCapacity: 20) { Digits.write(value, to: $0.baseAddress!) }
            #expect(text == String(value))
        }
    }

    @Test func readsExactlySoManyDigits() {
        let bytes = Array("12a45".utf8)
        bytes.withUnsafeBufferPointer {
            #expect(Digits.read($0, at: 0, count: 2) == 12)
            #expect(Digits.read($0, at: 1, count: 2) == nil)
            #expect(Digits.read($0, at: 3, count: 2) == 45)
            #expect(Digits.read($0, at: 4, count: 2) == nil)
        }
        #expect(Digits.power(18) == 1_000_000_000_000_000_000 && Digits.power(19) == nil && Digits.power(-1) == nil)
    }
}
