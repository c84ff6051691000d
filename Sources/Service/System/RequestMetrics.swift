/// What one loop has counted of requests: by operation and status class, with a histogram of durations. Plain memory
/// that only its loop writes; a scrape reads it from the loop.
struct RequestMetrics {
    /// Upper bounds of the histogram's buckets, in microseconds; one more bucket holds the rest.
    static let bounds: [UInt64] = [
        250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000,
    ]
    private static let stride = 5 + bounds.count + 1 + 1

    /// Per operation: status classes 1xx to 5xx, buckets, sum of microseconds. The last row counts what reached none.
    private var cells: [UInt64]
    private let operations: Int

    init(operations: Int) {
        self.operations = operations
        cells = Array(repeating: 0, count: (operations + 1) * RequestMetrics.stride)
    }

    /// - Parameter operation: nil for a request that was refused before it reached one.
    mutating func count(_ operation: Int?, status: Int, microseconds: UInt64) {
        let row = (operation ?? operations) * RequestMetrics.stride
        cells[row + max(1, min(5, status / 100)) - 1] &+= 1
        var bucket = 0
        while bucket < RequestMetrics.bounds.count, microseconds > RequestMetrics.bounds[bucket] { bucket += 1 }
        cells[row + 5 + bucket] &+= 1
        cells[row + RequestMetrics.stride - 1] &+= microseconds
    }

    /// The sum over loops.
    static func + (a: RequestMetrics, b: RequestMetrics) -> RequestMetrics {
        var sum = a
        for index in sum.cells.indices { sum.cells[index] &+= b.cells[index] }
        return sum
    }

    struct Row {
        let byClass: ArraySlice<UInt64>
        let buckets: ArraySlice<UInt64>
        let microseconds: UInt64
        var total: UInt64 { byClass.reduce(0, &+) }
    }

    func row(_ operation: Int?) -> Row {
        let start = (operation ?? operations) * RequestMetrics.stride
        return Row(
            byClass: cells[start..<start + 5], buckets: cells[start + 5..<start + RequestMetrics.stride - 1],
            microseconds: cells[start + RequestMetrics.stride - 1])
    }
}
