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
        for stats in try await database.all(ManagementQueries.stats(nil)) {
            guard let gauges = places[stats.queue]?.metrics?.states else { continue }
            gauges[.waiting]?.set(stats.waiting)
            gauges[.delayed]?.set(stats.delayed)
            gauges[.active]?.set(stats.active)
            gauges[.completed]?.set(stats.completed)
            gauges[.failed]?.set(stats.failed)
        }
    }

    /// Writes down what became of jobs since the last time. What cannot be written waits for the next.
    func writeTallies() async {
        if tallies.isEmpty { return }
        let added = tallies.sorted { $0.key < $1.key }
        tallies = [:]
        do {
            try await database.execute(
                ManagementQueries.tally(
                    added.map(\.key), added.map(\.value.completed), added.map(\.value.failed), now: clock.now))
        } catch {
            for (queue, tally) in added {
                tallies[queue, default: QueueTally()].completed += tally.completed
                tallies[queue, default: QueueTally()].failed += tally.failed
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
        try await database.write(TurnQueries.purge(now: clock.now), ManagementQueries.purgeTallies(now: clock.now))
    }

    private func purge(_ queue: String, _ state: JobState, after kept: Duration, beyond count: Int?) async throws {
        let purge = JobQueries.purge(queue, state, after: kept, beyond: count, now: clock.now)
        while try await database.execute(purge) == 1000 {}
    }
}
