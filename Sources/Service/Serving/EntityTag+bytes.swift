import HTTP

/// Entity tags of JSON answers (RFC 9110, 8.8.3): strong, from the bytes of the representation.
extension EntityTag {
    /// 60 bits. Not for secrets: it only tells two representations of one object apart.
    init(of bytes: UnsafeRawBufferPointer) { self.init(bits: Self.hash(bytes)) }

    /// Eight bytes a step, multiplied and folded; close to memory speed.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            hash = mix(hash ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count {
            rest |= UInt64(bytes[index]) << shift
            shift += 8
            index += 1
        }
        return mix(hash ^ rest)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let (high, low) = value.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        return high ^ low
    }
}
