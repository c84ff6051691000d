import Runtime

/// A number that only grows: requests answered, bytes sent, jobs failed.
package struct Counter: Sendable {
    let page: MetricPage
    let cell: Int

    /// Counts; pass the loop where it is at hand, it saves the look-up of the calling thread's.
    package func add(_ amount: Int = 1, on loop: EventLoop? = .current) {
        page.add(UInt64(truncatingIfNeeded: amount), to: cell, on: loop)
    }

    /// Takes over a total that the calling loop keeps elsewhere.
    package func store(_ total: UInt64, on loop: EventLoop? = .current) {
        page.set(total, of: cell, on: loop)
    }

    package var value: UInt64 { page.sum(of: cell) }
}
