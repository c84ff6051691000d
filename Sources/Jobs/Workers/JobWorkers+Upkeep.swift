import Telemetry
import Values

/// Figures, and what is deleted when nobody will ask for it any more.
extension JobWorkers {
    func count() {
        guard places.values.contains(where: { $0.metrics != nil }) else { return }
        home.spawn { [self] in
            // Without the database the figures stay what they were.
            try? await countJobs()
        }
    }

    /// Carries what lies in the database over to the metrics.
    func countJobs() async throws {
        let counts = try await database.all(JobQueries.counts())
        for place in places.values {
            for (state, gauge) in place.metrics?.waiting ?? [:] {
                gauge.set(counts.first { $0.queue == place.queue.name && $0.state == state }?.count ?? 0)
            }
        }
    }

    func purge() {
        home.spawn { [self] in
            do { try await purgeFinished() } catch { log.warning("old jobs could not be purged", ["error": .error(error)]) }
        }
    }

    /// Deletes finished jobs whose time is over, a thousand at a time, and the windows of rates.
    func purgeFinished() async throws {
        for queue in places.values.map(\.queue) {
            try await purge(queue.name, .completed, after: queue.keep.completed, beyond: queue.keep.completedCount)
            try await purge(queue.name, .failed, after: queue.keep.failed, beyond: nil)
        }
        try await database.execute(TurnQueries.purge(now: clock.now))
    }

    private func purge(_ queue: String, _ state: JobState, after kept: Duration, beyond count: Int?) async throws {
        let purge = JobQueries.purge(queue, state, after: kept, beyond: count, now: clock.now)
        while try await database.execute(purge) == 1000 {}
    }
}
