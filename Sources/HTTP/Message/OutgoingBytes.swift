import Glibc

/// Bytes waiting to be sent: a queue that is appended at its end and consumed at its start. Starts with a block borrowed
/// from the loop's pool and moves to memory of its own when an answer is larger.
package struct OutgoingBytes: ~Copyable {
    private let pool: BlockPool?
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private var start = 0
    private var end = 0

    package init(pool: BlockPool? = nil) { self.pool = pool }

    deinit {
        guard let base else { return }
        if let pool, capacity == BlockPool.blockSize { pool.giveBack(base) } else { base.deallocate() }
    }

    package var count: Int { end - start }
    package var isEmpty: Bool { end == start }
    /// Memory held, for the bound per connection.
    package var held: Int { capacity }
    package var bytes: UnsafeRawBufferPointer {
        guard let base else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: base + start, count: end - start)
    }

    /// Makes room for `more` bytes and returns where they go; `commit` says how many were written.
    @inline(__always)
    package mutating func reserve(_ more: Int) -> UnsafeMutableRawPointer {
        if capacity - end < more { grow(more) }
        return base.unsafelyUnwrapped + end
    }

    @inline(__always)
    package mutating func commit(_ count: Int) { end += count }

    @inline(__always)
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        memcpy(reserve(bytes.count), source, bytes.count)
        end += bytes.count
    }

    @inline(__always)
    package mutating func append(_ text: StaticString) {
        memcpy(reserve(text.utf8CodeUnitCount), text.utf8Start, text.utf8CodeUnitCount)
        end += text.utf8CodeUnitCount
    }

    /// With a label, because a literal would otherwise be taken for a `String`, and cost its making and its dropping.
    package mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    @inline(__always)
    package mutating func append(byte: UInt8) {
        reserve(1).storeBytes(of: byte, as: UInt8.self)
        end += 1
    }

    /// A number in decimal digits.
    package mutating func append(decimal number: Int) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { space in
            var rest = number.magnitude
            var index = space.count
            repeat {
                index -= 1
                space[index] = UInt8(0x30 + rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                index -= 1
                space[index] = 0x2d
            }
            append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(space)[index...]))
        }
    }

    /// A number in hexadecimal digits, as chunk sizes are written.
    mutating func append(hexadecimal number: Int) {
        var shift = max(0, (63 - number.leadingZeroBitCount) / 4 * 4)
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: number >> shift) & 15
            append(byte: digit < 10 ? 0x30 + digit : 0x57 + digit)
            shift -= 4
        }
    }

    /// Forgets the first `count` bytes; gives all memory back when none are left.
    package mutating func consume(_ count: Int) {
        start += count
        if start == end { free() }
    }

    package mutating func removeAll() { free() }

    private mutating func free() {
        if let base {
            if let pool, capacity == BlockPool.blockSize { pool.giveBack(base) } else { base.deallocate() }
        }
        base = nil
        capacity = 0
        start = 0
        end = 0
    }

    private mutating func grow(_ more: Int) {
        let waiting = end - start
        if base == nil, more <= BlockPool.blockSize {
            base = pool?.borrow() ?? .allocate(byteCount: BlockPool.blockSize, alignment: 16)
            capacity = BlockPool.blockSize
            return
        }
        // Room at the front is enough: move instead of growing.
        if let base, capacity - waiting >= more, start >= waiting {
            memcpy(base, base + start, waiting)
            start = 0
            end = waiting
            return
        }
        let size = max(capacity * 2, waiting + more + 1024)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        if let base, waiting > 0 { memcpy(larger, base + start, waiting) }
        free()
        base = larger
        capacity = size
        end = waiting
    }
}
