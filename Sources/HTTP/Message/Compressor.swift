import CSystem

/// gzip (RFC 1952) with one zlib stream per loop: setting one up for each answer costs more than most answers.
/// Used on its loop only; the result holds until the next call.
final class Compressor {
    /// Below, the gain is eaten by fields and time; above, the loop would stand still for too long, and a blocking pool does
    /// it.
    static let smallest = 1024
    static let largest = 64 * 1024

    private var stream = z_stream()
    private var isReady = false
    private var output: UnsafeMutableRawBufferPointer?

    init() {}

    deinit {
        if isReady { deflateEnd(&stream) }
        output?.deallocate()
    }

    /// The bytes compressed at level 1, or nil where that would not make them smaller.
    func gzip(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard bytes.count <= Self.largest, prepare() else { return nil }
        let space = output ?? .allocate(byteCount: Self.largest, alignment: 16)
        output = space
        stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)
        stream.next_out = space.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(min(space.count, bytes.count))
        guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(space)[..<Int(stream.total_out)])
    }

    private func prepare() -> Bool {
        if isReady { return deflateReset(&stream) == Z_OK }
        // 15 bits of window, 16 more to ask for a gzip wrapper (zlib.h, deflateInit2).
        isReady = Self.begin(&stream)
        return isReady
    }

    static func begin(_ stream: inout z_stream) -> Bool {
        deflateInit2_(
            &stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            == Z_OK
    }

    /// A body of any size below 4 GB with a stream of its own, for a blocking pool; nil where nothing is gained.
    static func gzip(_ body: SharedBytes) -> SharedBytes? {
        let bytes = body.bytes
        var stream = z_stream()
        guard bytes.count < Int(UInt32.max), begin(&stream) else { return nil }
        defer { deflateEnd(&stream) }
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)
        stream.next_out = space.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(space.count)
        guard deflate(&stream, Z_FINISH) == Z_STREAM_END else {
            space.deallocate()
            return nil
        }
        defer { space.deallocate() }
        return SharedBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(space)[..<Int(stream.total_out)]))
    }
}
