import CSystem

/// Puts messages into DEFLATE (RFC 7692 section 7.2.1), at level 1. One that keeps its context belongs to one
/// connection; others are shared by all connections of a loop.
final class Deflater {
    private var stream = z_stream()
    private let keepsContext: Bool

    /// - Parameter bits: the window as its power of two, 9 to 15.
    init?(bits: Int, keepsContext: Bool) {
        self.keepsContext = keepsContext
        let status = deflateInit2_(
            &stream, 1, Z_DEFLATED, Int32(-bits), 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return nil }
    }

    deinit { deflateEnd(&stream) }

    /// The compressed message; nil when zlib is out of memory, or, without context, when nothing is gained.
    func deflate(_ message: UnsafeRawBufferPointer) -> [UInt8]? {
        if !keepsContext { deflateReset(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: message.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(message.count)
        // Room for a flush marker beyond what the whole stream may need.
        let room = Int(deflateBound(&stream, UInt(message.count))) + 16
        let packed = [UInt8](unsafeUninitializedCapacity: room) { space, count in
            stream.next_out = space.baseAddress
            stream.avail_out = UInt32(room)
            let status = zlib_deflate(&stream)
            // "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end."
            count = status == Z_OK && stream.avail_out > 0 ? max(0, room - Int(stream.avail_out) - 4) : 0
        }
        if packed.isEmpty || !keepsContext && packed.count >= message.count { return nil }
        return packed
    }
}

private func zlib_deflate(_ stream: UnsafeMutablePointer<z_stream>) -> Int32 { deflate(stream, Z_SYNC_FLUSH) }
