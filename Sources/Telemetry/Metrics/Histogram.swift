import Runtime

/// How often a measured value fell into each of some fixed ranges, and the sum of all values.
package struct Histogram: Sendable {
    let page: MetricPage
    /// One cell per bucket, one for what lies above the last, one for the sum.
    let cell: Int
    let bounds: [Double]

    /// Seconds, for anything from a lookup in memory to a slow report.
    package static let latencyBounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    static func cells(_ bounds: [Double]) -> Int { bounds.count + 2 }

    package func observe(_ value: Double, on loop: EventLoop? = .current) {
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        page.observe(value, count: cell + bucket, sum: cell + bounds.count + 1, on: loop)
    }

    /// Observes a duration of the monotonic clock in seconds.
    package func observe(nanoseconds: UInt64, on loop: EventLoop? = .current) {
        observe(Double(nanoseconds) * 1e-9, on: loop)
    }

    /// Observations up to each bound, then all of them.
    var cumulative: [UInt64] {
        var total: UInt64 = 0
        return (0...bounds.count).map {
            total += page.sum(of: cell + $0)
            return total
        }
    }

    /// The value below which this share of the observations lies, taken evenly within its range; the last bound for
    /// those above it, 0 where nothing was observed.
    package func quantile(_ share: Double) -> Double {
        let cumulative = cumulative
        let wanted = share * Double(cumulative[bounds.count])
        guard wanted > 0, let bucket = cumulative.firstIndex(where: { Double($0) >= wanted }) else { return 0 }
        guard bucket < bounds.count else { return bounds[bounds.count - 1] }
        let below = bucket == 0 ? 0 : Double(cumulative[bucket - 1])
        let low = bucket == 0 ? 0 : bounds[bucket - 1]
        return low + (bounds[bucket] - low) * (wanted - below) / (Double(cumulative[bucket]) - below)
    }

    package var count: UInt64 { cumulative[bounds.count] }
    package var sum: Double { page.doubleSum(of: cell + bounds.count + 1) }
}
