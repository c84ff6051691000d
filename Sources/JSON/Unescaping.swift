/// Escapes of RFC 8259, section 7, turned back into what they stand for.
enum Unescaping {
    /// `start` and `count` are the bytes between the quotes, `offset` their place in the document.
    static func string(_ start: UnsafePointer<UInt8>, _ count: Int, offset: Int) throws -> String {
        // No escape is shorter than what it stands for: two bytes for one, six for at most three, twelve for four.
        try String(unsafeUninitializedCapacity: count) { target in
            var read = 0
            var written = 0
            while read < count {
                guard start[read] == UInt8(ascii: "\\") else {
                    target[written] = start[read]
                    read += 1
                    written += 1
                    continue
                }
                if start[read + 1] == UInt8(ascii: "u") {
                    let scalar = try scalar(start, count, &read, offset)
                    for byte in UTF8.encode(scalar).unsafelyUnwrapped {
                        target[written] = byte
                        written += 1
                    }
                } else {
                    target[written] = try short(start[read + 1], offset + read)
                    written += 1
                    read += 2
                }
            }
            return written
        }
    }

    private static func short(_ letter: UInt8, _ offset: Int) throws -> UInt8 {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: throw JSONSyntaxError(.badEscape, at: offset)
        }
    }

    /// `\uXXXX`, or two of them for a character outside the Basic Multilingual Plane.
    private static func scalar(
        _ start: UnsafePointer<UInt8>, _ count: Int, _ read: inout Int, _ offset: Int
    ) throws -> Unicode.Scalar {
        let first = try unit(start, count, read, offset)
        let place = offset + read
        read += 6
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, read + 1 < count, start[read] == UInt8(ascii: "\\"), start[read + 1] == UInt8(ascii: "u")
        else { throw JSONSyntaxError(.loneSurrogate, at: place) }
        let second = try unit(start, count, read, offset)
        guard second >= 0xdc00, second <= 0xdfff,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw JSONSyntaxError(.loneSurrogate, at: place) }
        read += 6
        return scalar
    }

    private static func unit(
        _ start: UnsafePointer<UInt8>, _ count: Int, _ read: Int, _ offset: Int
    ) throws -> UInt32 {
        guard read + 6 <= count else { throw JSONSyntaxError(.badEscape, at: offset + read) }
        var value: UInt32 = 0
        for index in (read + 2)..<(read + 6) {
            switch start[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(start[index] - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(start[index] - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(start[index] - UInt8(ascii: "A") + 10)
            default: throw JSONSyntaxError(.badEscape, at: offset + read)
            }
        }
        return value
    }
}
