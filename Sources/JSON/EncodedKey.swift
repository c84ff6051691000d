/// A member's name, encoded once as `,"name":`. The bytes live as long as the process, as the shapes do that hold them.
struct EncodedKey: @unchecked Sendable {
    /// Points at the comma.
    let start: UnsafePointer<UInt8>
    let length: Int

    init(_ name: String) {
        let bytes = Array(",\"\(name)\":".utf8)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        start = UnsafePointer(copy)
        length = bytes.count
    }

    /// The name alone.
    var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start + 2, count: length &- 4) }

    /// The name with its quotes and the colon.
    var quoted: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start + 1, count: length &- 1) }
}
