/// Eight hexadecimal digits in one word, turned from text into 32 bits and back all at once. The text's first character is
/// the word's lowest byte, as a little-endian load leaves it.
struct HexWord {
    let text: UInt64

    init(text: UInt64) {
        self.text = text
    }

    /// Four characters at `first` and four at `second`.
    init(_ text: UnsafeRawPointer, _ first: Int, _ second: Int) {
        let low = text.loadUnaligned(fromByteOffset: first, as: UInt32.self)
        let high = text.loadUnaligned(fromByteOffset: second, as: UInt32.self)
        self.text = UInt64(high) << 32 | UInt64(low)
    }

    /// The low 32 bits of `value`, in lower case.
    init(_ value: UInt64) {
        var spread = UInt64(UInt32(truncatingIfNeeded: value).byteSwapped)
        spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff
        spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff
        let digits = (spread >> 4 | spread << 8) & 0x0f0f_0f0f_0f0f_0f0f
        let letters = (digits &+ Self.ones &* 6) >> 4 & Self.ones
        text = digits &+ Self.ones &* 0x30 &+ letters &* 39
    }

    var first: UInt32 { UInt32(truncatingIfNeeded: text) }
    var second: UInt32 { UInt32(truncatingIfNeeded: text >> 32) }

    /// Nil when one of the characters is no hexadecimal digit.
    var value: UInt64? {
        guard text & Self.highs == 0 else { return nil }
        let lower = text | Self.ones &* 0x20
        let digits = Self.atLeast(0x30, text) & ~Self.atLeast(0x3a, text)
        let letters = Self.atLeast(0x61, lower) & ~Self.atLeast(0x67, lower)
        guard (digits | letters) & Self.highs == Self.highs else { return nil }
        var packed = text & 0x0f0f_0f0f_0f0f_0f0f &+ (text >> 6 & Self.ones) &* 9
        packed = (packed << 4 | packed >> 8) & 0x00ff_00ff_00ff_00ff
        packed = (packed | packed >> 8) & 0x0000_ffff_0000_ffff
        packed |= packed >> 16
        return UInt64(UInt32(truncatingIfNeeded: packed).byteSwapped)
    }

    /// The high bit of each byte that is at least `bound`, for bytes below 0x80.
    private static func atLeast(_ bound: UInt64, _ word: UInt64) -> UInt64 { word &+ ones &* (0x80 &- bound) }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080
}
