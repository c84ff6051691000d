/// Eight bytes examined in one word. A high bit set in the answer marks a byte that may match; bytes above a true match may
/// be marked wrongly, bytes are never missed, so an answer of zero is certain.
enum SWAR {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Bytes that cannot stand in a JSON string as they are: below 0x20, `"` and `\`.
    @inline(__always)
    static func needsEscape(_ word: UInt64) -> UInt64 {
        let control = (word &- ones &* 0x20) & ~word
        let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
        let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
        return (control | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & highs
    }

    /// Bytes outside ASCII.
    @inline(__always)
    static func nonASCII(_ word: UInt64) -> UInt64 { word & highs }

    /// Bytes that are no printable ASCII: below 0x20, 0x7f and above.
    @inline(__always)
    static func unprintable(_ word: UInt64) -> UInt64 {
        let control = (word &- ones &* 0x20) & ~word
        let delete = word ^ ones &* 0x7f
        return (control | (delete &- ones) & ~delete | word) & highs
    }
}
