import Runtime

/// How busy the event loops are, carried over from each loop's own statistics once a second.
package enum LoopMetrics {
    /// Called on the loop, once.
    package static func watch(_ loop: EventLoop, in registry: MetricRegistry) {
        let labels: MetricLabels = ["loop": "\(loop.index)"]
        let rounds = registry.counter("loop_rounds_total", "Turns of the event loop.", labels)
        let jobs = registry.counter("loop_jobs_total", "Steps of tasks run on the event loop.", labels)
        let stalls = registry.counter("loop_stalls_total", "Turns that held the event loop over 50 ms.", labels)
        let busy = registry.counter("loop_busy_nanoseconds_total", "Time spent outside epoll_wait.", labels)
        loop.timer(after: .seconds(1), repeating: .seconds(1)) { [unowned loop] in
            let statistics = loop.statistics
            rounds.store(statistics.rounds, on: loop)
            jobs.store(statistics.jobs, on: loop)
            stalls.store(statistics.stalls, on: loop)
            busy.store(statistics.busy, on: loop)
        }
    }
}
