import CSystem

/// gzip (RFC 1952) of a body that is made while it is sent, with a zlib stream of its own. Confined to its loop.
final class StreamCompressor {
    /// How many bytes the loop compresses without a pause.
    static let slice = 64 * 1024
    /// At a time on one loop: each stream takes 256 KB. Whoever comes later is sent plain bytes.
    static let most = 64

    private var stream = z_stream()
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 * 1024, alignment: 16)
    private let count: Count

    /// Streams open on a loop.
    final class Count {
        fileprivate(set) var open = 0
    }

    /// Nil when too many are open, or there is no memory.
    init?(_ count: Count) {
        self.count = count
        guard count.open < Self.most, Compressor.begin(&stream) else {
            output.deallocate()
            return nil
        }
        count.open += 1
    }

    deinit {
        deflateEnd(&stream)
        output.deallocate()
        count.open -= 1
    }

    /// Takes more of the body; what is ready to be sent by then goes to `send`, nothing as often as not.
    func pack(_ bytes: UnsafeRawBufferPointer, isLast: Bool = false, send: (UnsafeRawBufferPointer) -> Void) {
        stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)
        repeat {
            stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(output.count)
            // Neither fails while there is room for output, and there is.
            deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
            send(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<(output.count - Int(stream.avail_out))]))
        } while stream.avail_out == 0
    }
}
