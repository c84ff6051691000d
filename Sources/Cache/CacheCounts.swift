import Telemetry

/// How often something was there.
struct CacheCounts: Sendable {
    let hits: Counter
    let misses: Counter
    let bypasses: Counter

    init(_ metrics: MetricRegistry) {
        func counter(_ result: String) -> Counter {
            metrics.counter("atrium_cache_requests_total", "Values asked for, by what was found.", ["result": result])
        }
        hits = counter("hit")
        misses = counter("miss")
        bypasses = counter("bypass")
    }
}
