import CSystem

/// Raw DEFLATE as RFC 7692 wants it, by zlib and without any of the code under test.
final class Packer {
    private var packing = z_stream()
    private var unpacking = z_stream()
    private let keepsContext: Bool

    init(keepsContext: Bool) {
        self.keepsContext = keepsContext
        let size = Int32(MemoryLayout<z_stream>.size)
        precondition(deflateInit2_(&packing, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
        precondition(inflateInit2_(&unpacking, -15, ZLIB_VERSION, size) == Z_OK)
    }

    deinit {
        deflateEnd(&packing)
        inflateEnd(&unpacking)
    }

    func pack(_ bytes: [UInt8]) -> [UInt8] {
        if !keepsContext { deflateReset(&packing) }
        var input = bytes, output = [UInt8](repeating: 0, count: bytes.count + 1024)
        let left = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                packing.next_in = source.baseAddress
                packing.avail_in = UInt32(source.count)
                packing.next_out = target.baseAddress
                packing.avail_out = UInt32(target.count)
                precondition(deflate(&packing, Z_SYNC_FLUSH) == Z_OK)
                return Int(packing.avail_out)
            }
        }
        return Array(output[..<(output.count - left - 4)])
    }

    func unpack(_ bytes: [UInt8]) -> [UInt8] {
        if !keepsContext { inflateReset(&unpacking) }
        var input = bytes + [0, 0, 0xff, 0xff], output = [UInt8](repeating: 0, count: 4_000_000)
        let left = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                unpacking.next_in = source.baseAddress
                unpacking.avail_in = UInt32(source.count)
                unpacking.next_out = target.baseAddress
                unpacking.avail_out = UInt32(target.count)
                _ = inflate(&unpacking, Z_SYNC_FLUSH)
                return Int(unpacking.avail_out)
            }
        }
        return Array(output[..<(output.count - left)])
    }
}
