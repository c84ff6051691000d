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
    func add(_ amount: UInt64, to cell: Int, on loop: EventLoop? = .current) {
        guard let row = row(of: loop) else {
            (base + loops * Self.cells + cell).pointee.wrappingAdd(amount, ordering: .relaxed)
            return
        }
        let target = base + row * Self.cells + cell
        target.pointee.store(target.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Adds to a cell that holds the bits of a `Double`.
    func add(_ amount: Double, to cell: Int, on loop: EventLoop? = .current) {
        let target = base + (row(of: loop) ?? loops) * Self.cells + cell
        if row(of: loop) != nil {
            let sum = Double(bitPattern: target.pointee.load(ordering: .relaxed)) + amount
            return target.pointee.store(sum.bitPattern, ordering: .relaxed)
        }
        var seen = target.pointee.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: seen) + amount).bitPattern
            let (done, current) = target.pointee.compareExchange(expected: seen, desired: sum, ordering: .relaxed)
            if done { return }
            seen = current
        }
    }

    /// Replaces what the calling thread's row holds.
    func set(_ value: UInt64, of cell: Int, on loop: EventLoop? = .current) {
        (base + (row(of: loop) ?? loops) * Self.cells + cell).pointee.store(value, ordering: .relaxed)
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

    private func row(of loop: EventLoop?) -> Int? {
        guard let index = loop?.index, index < loops else { return nil }
        return index
    }
}
