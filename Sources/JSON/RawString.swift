/// The bytes between two quotes.
struct RawString {
    let start: UnsafePointer<UInt8>
    let count: Int
    /// Whether there are no escapes in it.
    let isPlain: Bool

    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}
