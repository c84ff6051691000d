import Glibc

/// The input under test, in a mapped file: it is still there when the parser has taken the process down.
struct BlackBox {
    private let bytes: UnsafeMutableRawBufferPointer
    private let descriptor: Int32

    struct Unusable: Error { let path: String }

    private static let size = 64 << 10 + 8

    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0, ftruncate(descriptor, BlackBox.size) == 0,
            let start = mmap(nil, BlackBox.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), start != MAP_FAILED
        else { throw Unusable(path: path) }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: BlackBox.size)
    }

    /// Eight bytes of length, then the input.
    func record(_ input: [UInt8]) {
        bytes.storeBytes(of: UInt64(input.count), as: UInt64.self)
        UnsafeMutableRawBufferPointer(rebasing: bytes[8...]).copyBytes(from: input.prefix(BlackBox.size - 8))
    }

    /// Nothing went wrong.
    func clear() { bytes.storeBytes(of: 0, as: UInt64.self) }
}
