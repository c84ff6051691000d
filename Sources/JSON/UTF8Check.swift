/// Well-formed UTF-8 as Unicode defines it (table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Check {
    /// Where the first byte stands that is not part of a well-formed sequence; nil when there is none.
    static func firstInvalid(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        let raw = UnsafeRawPointer(base)
        var index = 0
        while index < count {
            while index &+ 8 <= count,
                SWAR.nonASCII(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) == 0
            { index &+= 8 }
            guard index < count else { return nil }
            guard let length = sequence(base + index, count &- index) else { return index }
            index &+= length
        }
        return nil
    }

    /// The length of the sequence that begins here, nil when it is ill-formed.
    @inline(__always)
    private static func sequence(_ start: UnsafePointer<UInt8>, _ left: Int) -> Int? {
        let lead = start[0]
        if lead < 0x80 { return 1 }
        switch lead {
        case 0xc2...0xdf: return left >= 2 && isTail(start[1]) ? 2 : nil
        case 0xe0...0xef:
            guard left >= 3, isTail(start[1]), isTail(start[2]) else { return nil }
            if lead == 0xe0, start[1] < 0xa0 { return nil }
            if lead == 0xed, start[1] > 0x9f { return nil }
            return 3
        case 0xf0...0xf4:
            guard left >= 4, isTail(start[1]), isTail(start[2]), isTail(start[3]) else { return nil }
            if lead == 0xf0, start[1] < 0x90 { return nil }
            if lead == 0xf4, start[1] > 0x8f { return nil }
            return 4
        default: return nil
        }
    }

    @inline(__always)
    private static func isTail(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }
}
