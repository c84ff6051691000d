/// Whether bytes that come in pieces are UTF-8 (RFC 3629 section 4): no overlong forms, no surrogates, nothing above
/// U+10FFFF. A wrong byte is noticed as soon as it is there.
struct UTF8Check {
    /// Continuation bytes still to come, and what the next one must lie between.
    private var left = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xbf

    /// Whether no character is left unfinished.
    var isComplete: Bool { left == 0 }

    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        var index = 0
        while index < bytes.count {
            if left == 0 {
                // Eight ASCII characters at a time.
                while index &+ 8 <= bytes.count,
                    (base + index).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 { index &+= 8 }
                if index == bytes.count { return true }
                guard begin(bytes[index]) else { return false }
            } else {
                let byte = bytes[index]
                guard byte >= low, byte <= high else { return false }
                low = 0x80
                high = 0xbf
                left -= 1
            }
            index &+= 1
        }
        return true
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x7f: return true
        case 0xc2...0xdf: left = 1
        case 0xe0:
            left = 2
            low = 0xa0
        case 0xed:
            left = 2
            high = 0x9f
        case 0xe1...0xec, 0xee...0xef: left = 2
        case 0xf0:
            left = 3
            low = 0x90
        case 0xf1...0xf3: left = 3
        case 0xf4:
            left = 3
            high = 0x8f
        default: return false
        }
        return true
    }

    /// A whole text.
    static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var check = UTF8Check()
        return check.take(bytes) && check.isComplete
    }
}
