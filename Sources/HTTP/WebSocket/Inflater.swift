import CSystem

/// Takes messages out of DEFLATE (RFC 7692 section 7.2.2). One that keeps its context belongs to one connection; others
/// are shared by all connections of a loop.
final class Inflater {
    enum Outcome { case done, tooBig, corrupt }

    private var stream = z_stream()
    private let keepsContext: Bool

    init?(keepsContext: Bool) {
        self.keepsContext = keepsContext
        // A negative window asks for raw DEFLATE (zlib.h, inflateInit2); the largest one reads all others.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    }

    deinit { inflateEnd(&stream) }

    /// Appends what the message holds to `out`, which never grows beyond `limit`.
    func inflate(_ message: UnsafeRawBufferPointer, into out: inout OutgoingBytes, limit: Int) -> Outcome {
        if !keepsContext { inflateReset(&stream) }
        let outcome = take(message, &out, limit)
        guard outcome == .done else { return outcome }
        // "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message."
        var tail = UInt32(0xffff_0000).littleEndian
        return withUnsafeBytes(of: &tail) { take($0, &out, limit) }
    }

    private func take(_ bytes: UnsafeRawBufferPointer, _ out: inout OutgoingBytes, _ limit: Int) -> Outcome {
        stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)
        while true {
            // One byte more than allowed tells a message that is just as large as it may be from one that is larger.
            let room = min(limit + 1 - out.count, max(Self.step, out.count))
            guard room > 0 else { return .tooBig }
            stream.next_out = out.reserve(room).assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(room)
            let status = zlib_inflate(&stream)
            out.commit(room - Int(stream.avail_out))
            guard out.count <= limit else { return .tooBig }
            switch status {
            // A block marked as the last one: more blocks may follow all the same (section 7.2.3.4). Its window is kept.
            case Z_STREAM_END: guard inflateResetKeep(&stream) == Z_OK else { return .corrupt }
            case Z_OK: break
            // Nothing could be done: all input is used and all output is out.
            case Z_BUF_ERROR where stream.avail_in == 0: return .done
            default: return .corrupt
            }
            if stream.avail_in == 0, stream.avail_out > 0 { return .done }
        }
    }

    private static let step = 4096
}

/// The function, which a method of the same name hides.
private func zlib_inflate(_ stream: UnsafeMutablePointer<z_stream>) -> Int32 { inflate(stream, Z_SYNC_FLUSH) }
