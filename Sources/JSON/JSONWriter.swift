/// Appends JSON to one growing buffer. Commas are its business: a value that follows another gets one.
///
/// Whether a comma is due is read off the last byte written: nothing but `{`, `[`, `:` and a line end can stand before a
/// first value.
package struct JSONWriter: ~Copyable {
    var base: UnsafeMutablePointer<UInt8>
    package internal(set) var count: Int
    var capacity: Int

    package init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
        count = 0
    }

    deinit { base.deallocate() }

    /// Forgets what was written. The buffer is kept unless it has grown beyond `keepingCapacity`.
    package mutating func reset(keepingCapacity limit: Int = 1 << 16) {
        count = 0
        guard capacity > limit else { return }
        base.deallocate()
        capacity = max(limit, 64)
        base = .allocate(capacity: capacity)
    }

    package borrowing func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// A copy of what was written.
    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

    package var string: String { String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }

    /// Cuts off what was written after the first `count` bytes.
    package mutating func truncate(to count: Int) {
        self.count = min(count, self.count)
    }

    mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    @inline(never)
    mutating func grow(_ more: Int) {
        let wanted = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = wanted
    }

    /// Lets `body` write at most `limit` bytes at the end and say how many it wrote.
    package mutating func append(atMost limit: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(limit)
        count &+= body(base + count)
    }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count &+= 1
    }

    mutating func append(_ start: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        (base + count).update(from: start, count: length)
        count &+= length
    }
}
