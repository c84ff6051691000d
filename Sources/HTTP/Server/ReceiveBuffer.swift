import Glibc

/// The bytes a connection has received and not yet dealt with. Holds a block of the loop's pool, or memory of its own
/// when a request needs more, or nothing.
struct ReceiveBuffer: ~Copyable {
    private let pool: BlockPool
    private(set) var base: UnsafeMutableRawPointer?
    private(set) var capacity = 0
    /// Bytes received, from `base`.
    var end = 0

    init(pool: BlockPool) { self.pool = pool }

    deinit {
        guard let base else { return }
        if capacity == BlockPool.blockSize { pool.giveBack(base) } else { base.deallocate() }
    }

    var room: Int { capacity - end }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        guard let base else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    @inline(__always)
    mutating func ensureBlock() {
        guard base == nil else { return }
        base = pool.borrow()
        capacity = BlockPool.blockSize
        end = 0
    }

    /// Moves `[from, end)` to the front.
    mutating func shift(from: Int) {
        guard let base, from > 0 else { return }
        if end > from { memmove(base, base + from, end - from) }
        end -= from
    }

    /// Room for `size` bytes in all. Pointers into the buffer end here.
    mutating func grow(to size: Int) {
        guard size > capacity else { return }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        let kept = end
        if let base { memcpy(larger, base, kept) }
        free()
        base = larger
        capacity = size
        end = kept
    }

    mutating func free() {
        if let base {
            if capacity == BlockPool.blockSize { pool.giveBack(base) } else { base.deallocate() }
        }
        base = nil
        capacity = 0
        end = 0
    }

    /// Hands the memory to somebody else, who frees it with `deallocate`.
    mutating func detach() -> UnsafeMutableRawPointer? {
        guard let base else { return nil }
        // A block of the pool is of the same kind as any other memory; the pool only counts it out.
        if capacity == BlockPool.blockSize { pool.forget() }
        self.base = nil
        capacity = 0
        end = 0
        return base
    }
}
