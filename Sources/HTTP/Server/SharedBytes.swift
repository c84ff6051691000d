import Glibc

/// Bytes that many answers send without copying them: an answer holds a reference and its own position.
package final class SharedBytes: @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer

    /// Copies once.
    package init(_ bytes: UnsafeRawBufferPointer) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
        copy.copyMemory(from: bytes)
        self.bytes = UnsafeRawBufferPointer(start: copy.baseAddress, count: bytes.count)
    }

    package convenience init(_ bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
        copy.copyBytes(from: bytes)
        self.init(adopting: UnsafeMutableRawBufferPointer(start: copy.baseAddress, count: bytes.count))
    }

    /// Takes memory over that was allocated by `UnsafeMutableRawBufferPointer.allocate`.
    package init(adopting memory: UnsafeMutableRawBufferPointer) { bytes = UnsafeRawBufferPointer(memory) }

    deinit { bytes.deallocate() }
}
