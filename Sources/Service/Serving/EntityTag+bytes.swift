import HTTP

/// Entity tags of JSON answers (RFC 9110, 8.8.3): strong, from the bytes of the representation.
extension EntityTag {
    /// 60 bits. Not for secrets: it only tells two representations of one object apart.
    init(of bytes: UnsafeRawBufferPointer) { self.init(bits: Self.hash(bytes)) }

    /// Sixteen bytes a step, multiplied and folded; close to memory speed.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(bytes.count)
        var index = 0
        while index &+ 16 <= bytes.count {
            hash = mix(
                bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ 0xa076_1d64_78bd_642f,
                bytes.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self) ^ hash)
            index &+= 16
        }
        var rest: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &rest) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[index...])) }
        return mix(mix(rest.0 ^ 0xa076_1d64_78bd_642f, rest.1 ^ hash), 0xe703_7ed1_a0b4_28db)
    }

    @inline(__always)
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }
}
