import Testing

@testable import Values

@Suite struct HexWordTests {
    private func word(_ text: String) -> HexWord {
        HexWord(text: Array(text.utf8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    }

    @Test func turnsTextIntoNumbersAndBack() {
        #expect(word("01234567").value == 0x0123_4567)
        #expect(word("89abCDef").value == 0x89ab_cdef)
        #expect(HexWord(0xffff_ffff_89ab_cdef).text == word("89abcdef").text)
    }

    /// Every byte in every place: only the digits of both cases are read.
    @Test func refusesEverythingElse() {
        for place in 0..<8 {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array("00000000".utf8)
                bytes[place] = byte
                let value = HexWord(text: bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }).value
                let digit = byte < 0x80 ? Character(Unicode.Scalar(byte)).hexDigitValue : nil
                #expect(value == digit.map { UInt64($0) << (28 - 4 * UInt64(place)) })
            }
        }
    }
}
