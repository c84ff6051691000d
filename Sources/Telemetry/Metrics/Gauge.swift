import Runtime

/// A number that rises and falls: open connections, waiting jobs. Each loop holds its share; the shares are summed.
package struct Gauge: Sendable {
    let page: MetricPage
    let cell: Int

    package func add(_ amount: Int, on loop: EventLoop? = .current) {
        page.add(UInt64(bitPattern: Int64(amount)), to: cell, on: loop)
    }

    /// Replaces the calling loop's share (or that of all threads without a loop).
    package func set(_ value: Int, on loop: EventLoop? = .current) {
        page.set(UInt64(bitPattern: Int64(value)), of: cell, on: loop)
    }

    package var value: Int { Int(Int64(bitPattern: page.sum(of: cell))) }
}
