extension JSONWriter {
    /// A string with quotes around it and escapes where RFC 8259, section 7, demands them.
    package mutating func write(_ value: String) {
        let span = value.utf8Span.span
        span.withUnsafeBufferPointer { writeValid($0) }
    }

    package mutating func write(_ value: Substring) {
        var value = value
        value.withUTF8 { writeValid($0) }
    }

    /// A string of bytes from outside; what is no UTF-8 in it becomes U+FFFD.
    package mutating func write(utf8 bytes: UnsafeRawBufferPointer) {
        write(String(decoding: bytes, as: UTF8.self))
    }

    private mutating func writeValid(_ text: UnsafeBufferPointer<UInt8>) {
        separate()
        let length = text.count
        reserve(length &+ 10)
        base[count] = UInt8(ascii: "\"")
        count &+= 1
        guard length > 0, let source = text.baseAddress else {
            base[count] = UInt8(ascii: "\"")
            count &+= 1
            return
        }
        let plain = copyPlain(source, length)
        if plain < length { escape(source + plain, length &- plain) }
        append(UInt8(ascii: "\""))
    }

    /// Copies what stands before the first byte that needs an escape and returns how much that is. Eight bytes at a time;
    /// the store of a word may run over the end of the text, for which there is room.
    @inline(__always)
    private mutating func copyPlain(_ source: UnsafePointer<UInt8>, _ length: Int) -> Int {
        let target = UnsafeMutableRawPointer(base + count)
        let start = UnsafeRawPointer(source)
        var index = 0
        while index &+ 8 <= length {
            let word = start.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if SWAR.needsEscape(word) != 0 { break }
            target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < length {
            let byte = source[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            base[count &+ index] = byte
            index &+= 1
        }
        count &+= index
        return index
    }

    @inline(never)
    private mutating func escape(_ source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length &* 6 &+ 1)
        for index in 0..<length {
            let byte = source[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): short(byte)
            case 0x08: short(UInt8(ascii: "b"))
            case 0x09: short(UInt8(ascii: "t"))
            case 0x0a: short(UInt8(ascii: "n"))
            case 0x0c: short(UInt8(ascii: "f"))
            case 0x0d: short(UInt8(ascii: "r"))
            case 0..<0x20:
                literal("\\u00")
                append(byte >> 4 == 0 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                append(Self.hexDigit(byte & 0xf))
            default: append(byte)
            }
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &- 10 &+ value
    }

    private mutating func short(_ letter: UInt8) {
        append(UInt8(ascii: "\\"))
        append(letter)
    }
}
