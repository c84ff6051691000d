import Telemetry

/// What is counted of one queue.
struct JobMetrics: Sendable {
    let completed, retried, failed, rescued, stale: Counter
    let active: Gauge
    let seconds: Histogram
    let states: [JobState: Gauge]

    init(_ queue: String, in registry: MetricRegistry) {
        func finished(_ outcome: String) -> Counter {
            registry.counter("jobs_finished_total", "Tries of jobs by how they ended.", ["queue": queue, "outcome": outcome])
        }
        completed = finished("completed")
        retried = finished("retried")
        failed = finished("failed")
        rescued = finished("lease_lapsed")
        stale = finished("stale")
        active = registry.gauge("jobs_running", "Jobs that this process carries out.", ["queue": queue])
        seconds = registry.histogram(
            "jobs_seconds", "Duration of tries.", ["queue": queue], bounds: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600])
        states = Dictionary(
            uniqueKeysWithValues: JobState.allCases.map {
                ($0, registry.gauge("jobs", "Jobs in the database.", ["queue": queue, "state": $0.rawValue]))
            })
    }
}
