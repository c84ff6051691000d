/// Text that needs no cleaning: printable, in NFC by the look of each character alone, without spaces at its ends.
enum PlainText {
    /// The length in Unicode scalars; nil when the text has to be looked at more closely.
    static func length(of text: String, trims: Bool) -> Int? {
        text.utf8Span.span.withUnsafeBufferPointer { bytes in
            let count = bytes.count
            guard count > 0, let start = bytes.baseAddress else { return 0 }
            if trims, start[0] == 0x20 || start[count &- 1] == 0x20 { return nil }
            return scalars(start, count)
        }
    }

    @inline(__always)
    private static func scalars(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        let raw = UnsafeRawPointer(start)
        var index = 0
        var scalars = 0
        while index < count {
            if index &+ 8 <= count, SWAR.unprintable(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) == 0 {
                index &+= 8
                scalars &+= 8
                continue
            }
            let length = sequence(start + index)
            guard length > 0 else { return nil }
            index &+= length
            scalars &+= 1
        }
        return scalars
    }

    /// The bytes of the scalar that begins here when it is plain, else 0. The text is known to be UTF-8.
    ///
    /// Plain are scalars of combining class 0 whose NFC quick check (Unicode Standard Annex 15, section 9) is Yes: such a
    /// text is in NFC. Of all of them these are the ranges that people of the markets write in.
    @inline(__always)
    private static func sequence(_ start: UnsafePointer<UInt8>) -> Int {
        let lead = start[0]
        if lead < 0x80 { return lead >= 0x20 && lead < 0x7f ? 1 : 0 }
        let low = UInt32(start[1] & 0x3f)
        if lead < 0xe0 {
            return isPlain(UInt32(lead & 0x1f) << 6 | low) ? 2 : 0
        }
        if lead < 0xf0 {
            return isPlain(UInt32(lead & 0x0f) << 12 | low << 6 | UInt32(start[2] & 0x3f)) ? 3 : 0
        }
        return 0
    }

    @inline(__always)
    private static func isPlain(_ scalar: UInt32) -> Bool {
        switch scalar {
        // Latin, without the controls and the no-break space in front.
        case 0xa1...0x2ff: true
        // Cyrillic, without its combining marks.
        case 0x400...0x482, 0x48a...0x52f: true
        // Arabic letters.
        case 0x620...0x64a: true
        // Dashes, quotation marks, ellipsis; currency signs.
        case 0x2010...0x2027, 0x20a0...0x20bf: true
        default: false
        }
    }
}
