/// A loop's free list of equal blocks of memory. A connection borrows a block only while bytes are pending, so an idle
/// one holds none. Used on its loop only.
package final class BlockPool {
    package static let blockSize = 16 * 1024

    private var free: [UnsafeMutableRawPointer] = []
    private let keep: Int
    /// Blocks handed out and not yet returned.
    package private(set) var lent = 0

    package init(keep: Int = 256) {
        self.keep = keep
        free.reserveCapacity(keep)
    }

    deinit {
        for block in free { block.deallocate() }
    }

    @inline(__always)
    func borrow() -> UnsafeMutableRawPointer {
        lent += 1
        return free.popLast() ?? .allocate(byteCount: Self.blockSize, alignment: 16)
    }

    @inline(__always)
    func giveBack(_ block: UnsafeMutableRawPointer) {
        lent -= 1
        if free.count < keep { free.append(block) } else { block.deallocate() }
    }
    /// A lent block has found another owner, who frees it.
    func forget() { lent -= 1 }
}
