import CSystem

/// Decompression, to check what was compressed.
enum Gunzip {
    static func all(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: 16 * 1024 * 1024)
        return input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { space in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = space.baseAddress
                stream.avail_out = UInt32(space.count)
                guard inflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
                return Array(space[..<Int(stream.total_out)])
            }
        }
    }
}
