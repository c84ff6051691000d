import Synchronization

/// Every metric of the process. Registration happens at start; the handles it returns are what hot paths use.
///
/// Registering the same name and labels again gives the same series, so that two parts may share one.
package final class MetricRegistry: Sendable {
    private struct State {
        var families: [MetricFamily] = []
        var indexes: [String: Int] = [:]
        var page: MetricPage?
        var used = MetricPage.cells
    }

    private let loops: Int
    private let state = Mutex(State())

    /// - Parameter loops: how many event loops write; loops with a higher index share a slower row.
    package init(loops: Int) { self.loops = loops }

    package func counter(_ name: String, _ help: String, _ labels: MetricLabels = [:], sparse: Bool = false) -> Counter {
        let series = register(name, help, .counter, labels, sparse: sparse, cells: 1) { .counter(Counter(page: $0, cell: $1)) }
        guard case .counter(let counter) = series else { preconditionFailure("\(name) is sampled elsewhere") }
        return counter
    }

    package func gauge(_ name: String, _ help: String, _ labels: MetricLabels = [:]) -> Gauge {
        let series = register(name, help, .gauge, labels, cells: 1) { .gauge(Gauge(page: $0, cell: $1)) }
        guard case .gauge(let gauge) = series else { preconditionFailure("\(name) is sampled elsewhere") }
        return gauge
    }

    /// - Parameter bounds: upper ends of the buckets, rising.
    package func histogram(
        _ name: String, _ help: String, _ labels: MetricLabels = [:], bounds: [Double] = Histogram.latencyBounds,
        sparse: Bool = false
    ) -> Histogram {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "buckets of \(name) must rise")
        let series = register(name, help, .histogram, labels, sparse: sparse, cells: Histogram.cells(bounds)) {
            .histogram(Histogram(page: $0, cell: $1, bounds: bounds))
        }
        guard case .histogram(let histogram) = series, histogram.bounds == bounds else {
            preconditionFailure("\(name) has other buckets elsewhere")
        }
        return histogram
    }

    /// A gauge whose value is asked for at each scrape; `sample` runs on the scraping loop and must not block.
    package func sampledGauge(
        _ name: String, _ help: String, _ labels: MetricLabels = [:], sample: @escaping @Sendable () -> Double
    ) {
        _ = register(name, help, .gauge, labels, cells: 0) { _, _ in .sampled(sample) }
    }

    /// A counter kept elsewhere, asked for at each scrape.
    package func sampledCounter(
        _ name: String, _ help: String, _ labels: MetricLabels = [:], sample: @escaping @Sendable () -> Double
    ) {
        _ = register(name, help, .counter, labels, cells: 0) { _, _ in .sampled(sample) }
    }

    var families: [MetricFamily] { state.withLock { $0.families } }

    private func register(
        _ name: String, _ help: String, _ kind: MetricFamily.Kind, _ labels: MetricLabels, sparse: Bool = false, cells: Int,
        make: (MetricPage, Int) -> MetricFamily.Series
    ) -> MetricFamily.Series {
        precondition(MetricLabels.isName(name), "a metric's name is [a-zA-Z_][a-zA-Z0-9_]*")
        precondition(cells <= MetricPage.cells)
        return state.withLock { state in
            let index = state.indexes[name] ?? state.families.count
            if index == state.families.count {
                state.families.append(MetricFamily(name: name, help: help, kind: kind, isSparse: sparse))
                state.indexes[name] = index
            }
            precondition(state.families[index].kind == kind, "\(name) is registered as another kind")
            if let known = state.families[index].series.first(where: { $0.labels == labels }) { return known.value }
            if state.used + cells > MetricPage.cells || state.page == nil {
                state.page = MetricPage(loops: loops)
                state.used = 0
            }
            let series = make(state.page!, state.used)
            state.used += cells
            state.families[index].series.append((labels, series))
            return series
        }
    }
}
