/// The beginning of a client's frame (RFC 6455 section 5.2).
struct FrameHead: Equatable {
    let kind: FrameKind
    let isFinal: Bool
    /// RSV1: the message is compressed (RFC 7692 section 6).
    let isCompressed: Bool
    /// The masking key as it lies in memory.
    let key: UInt32
    /// Bytes of the head itself.
    let size: Int
    /// Bytes of the payload.
    let length: Int

    /// Of the longest head: two bytes, a length of eight, a key of four.
    static let longest = 14

    enum Reading: Equatable {
        /// The head has that many bytes, as far as is known.
        case incomplete(Int)
        case head(FrameHead)
        case failed(CloseCode)
    }

    /// Reads the head that `bytes` begin with. What can be refused after two bytes is refused then.
    ///
    /// - Parameters:
    ///   - limit: the longest payload; a longer one is 1009 before any of it is read.
    ///   - compresses: whether permessage-deflate was agreed on.
    static func read(_ bytes: UnsafeRawBufferPointer, limit: Int, compresses: Bool) -> Reading {
        guard bytes.count >= 2 else { return .incomplete(2) }
        let first = bytes[0], second = bytes[1]
        // "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values": RSV2 and RSV3 never,
        // RSV1 on the first frame of a message only, which is no control frame (RFC 7692 section 6.1).
        guard first & 0x30 == 0, let kind = FrameKind(rawValue: first & 15) else { return .failed(.protocolError) }
        let isFinal = first & 0x80 != 0, isCompressed = first & 0x40 != 0
        if isCompressed, !compresses || kind.isControl || kind == .continuation { return .failed(.protocolError) }
        // "a server MUST close the connection upon receiving a frame that is not masked" (section 5.1).
        guard second & 0x80 != 0 else { return .failed(.protocolError) }
        let short = Int(second & 0x7f)
        // "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented" (section 5.5).
        if kind.isControl, !isFinal || short > 125 { return .failed(.protocolError) }
        let size = short < 126 ? 6 : short == 126 ? 8 : 14
        guard bytes.count >= size else { return .incomplete(size) }
        var length = short
        if short == 126 {
            length = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            // "the minimal number of bytes MUST be used to encode the length"
            guard length > 125 else { return .failed(.protocolError) }
        } else if short == 127 {
            let long = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
            // "the most significant bit MUST be 0"
            guard long > 0xffff, long >> 63 == 0 else { return .failed(.protocolError) }
            length = Int(long)
        }
        guard length <= limit || kind.isControl else { return .failed(.messageTooBig) }
        let key = bytes.loadUnaligned(fromByteOffset: size - 4, as: UInt32.self)
        return .head(
            FrameHead(kind: kind, isFinal: isFinal, isCompressed: isCompressed, key: key, size: size, length: length))
    }

    /// Takes the mask off a part of the payload that begins `offset` bytes behind its start, eight bytes at a time
    /// (section 5.3).
    func unmask(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        guard let base = bytes.baseAddress else { return }
        let little = UInt32(littleEndian: key)
        let turn = UInt32(offset & 3) * 8
        let turned = turn == 0 ? little : little >> turn | little << (32 - turn)
        let wide = UInt64(turned) << 32 | UInt64(turned)
        var index = 0
        while index &+ 8 <= bytes.count {
            let word = (base + index).loadUnaligned(as: UInt64.self)
            (base + index).storeBytes(of: word ^ wide.littleEndian, as: UInt64.self)
            index &+= 8
        }
        var rest = wide
        while index < bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: rest)
            rest >>= 8
            index &+= 1
        }
    }
}
