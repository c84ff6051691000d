import Runtime
import Synchronization

/// Cells for the values of many series: one row per event loop and one for all other threads.
///
/// A loop writes only its own row, so an increment is a load, an add and a store, with neither lock nor contended cache
/// line; the atomics are relaxed and exist so that a scrape on another thread reads whole values. The rows of a series are
/// summed when it is scraped.
final class MetricPage: @unchecked Sendable {
    static let cells = 512

    private let loops: Int
    private let base: UnsafeMutablePointer<Atomic<UInt64>>

    init(loops: Int) {
        self.loops = loops
        let count = (loops + 1) * Self.cells
        base = .allocate(capacity: count)
        for index in 0..<count { (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        base.deinitialize(count: (loops + 1) * Self.cells)
        base.deallocate()
    }

    /// Adds to a cell of the calling thread's row. Signed amounts wrap; so does the sum, to the right result.
    func add(_ amount: UInt64, to cell: Int, on loop: EventLoop?) {
        guard let row = ownRow(of: loop) else {
            (shared + cell).pointee.wrappingAdd(amount, ordering: .relaxed)
            return
        }
        Self.bump(row + cell, by: amount)
    }

    /// Counts one in a cell and adds to another, which holds the bits of a `Double`.
    func observe(_ amount: Double, count: Int, sum: Int, on loop: EventLoop?) {
        guard let row = ownRow(of: loop) else { return observeShared(amount, count: count, sum: sum) }
        Self.bump(row + count, by: 1)
        let total = Double(bitPattern: (row + sum).pointee.load(ordering: .relaxed)) + amount
        (row + sum).pointee.store(total.bitPattern, ordering: .relaxed)
    }

    private func observeShared(_ amount: Double, count: Int, sum: Int) {
        (shared + count).pointee.wrappingAdd(1, ordering: .relaxed)
        var seen = (shared + sum).pointee.load(ordering: .relaxed)
        while true {
            let total = (Double(bitPattern: seen) + amount).bitPattern
            let (done, current) = (shared + sum).pointee.compareExchange(expected: seen, desired: total, ordering: .relaxed)
            if done { return }
            seen = current
        }
    }

    private static func bump(_ cell: UnsafeMutablePointer<Atomic<UInt64>>, by amount: UInt64) {
        cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Replaces what the calling thread's row holds.
    func set(_ value: UInt64, of cell: Int, on loop: EventLoop?) {
        ((ownRow(of: loop) ?? shared) + cell).pointee.store(value, ordering: .relaxed)
    }

    /// The sum over all rows.
    func sum(of cell: Int) -> UInt64 {
        (0...loops).reduce(0) { $0 &+ (base + $1 * Self.cells + cell).pointee.load(ordering: .relaxed) }
    }

    /// The sum over all rows of a cell that holds a `Double`.
    func doubleSum(of cell: Int) -> Double {
        (0...loops).reduce(0) {
            $0 + Double(bitPattern: (base + $1 * Self.cells + cell).pointee.load(ordering: .relaxed))
        }
    }

    /// The row that only this loop writes.
    private func ownRow(of loop: EventLoop?) -> UnsafeMutablePointer<Atomic<UInt64>>? {
        guard let index = loop?.index, index < loops else { return nil }
        return base + index * Self.cells
    }

    /// The row of all threads that have none of their own.
    private var shared: UnsafeMutablePointer<Atomic<UInt64>> { base + loops * Self.cells }
}
