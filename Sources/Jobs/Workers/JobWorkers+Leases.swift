import Runtime
import Telemetry
import Values

/// Leases are renewed while their jobs run, and whoever has lost his is cancelled.
extension JobWorkers {
    /// Renews those of which a third is over; what cannot be renewed now is tried again a second later.
    func renewLeases(at now: UInt64 = EventLoop.monotonic()) {
        let held = running.values.filter { $0.isToBeRenewed(at: now) }
        if held.isEmpty || isRenewing { return }
        isRenewing = true
        home.spawn { [self] in
            do { try await renew(held) } catch { log.warning("leases could not be renewed", ["error": .error(error)]) }
            isRenewing = false
        }
    }

    /// - Parameter jobs: nil for all.
    func renew(_ jobs: [RunningJob]? = nil) async throws {
        let held = jobs ?? Array(running.values)
        if held.isEmpty { return }
        let start = EventLoop.monotonic()
        let renewed = Set(
            try await database.all(
                JobQueries.renew(held.map(\.job.id), held.map(\.job.token), for: held.map(\.lease), now: clock.now)))
        for entry in held {
            if renewed.contains(entry.job.id) {
                entry.leasedUntil = start + entry.lease.nanoseconds
            } else if running[entry.job.id] === entry {
                entry.end(.leaseLost)
            }
        }
    }

    /// Cancels what takes longer than its kind may, and what has no lease any more: when the database cannot be asked for
    /// longer than a lease, somebody else may have the job by now.
    func endOverdue(at now: UInt64 = EventLoop.monotonic()) {
        for job in running.values {
            if job.leasedUntil < now { job.end(.leaseLost) } else if job.deadline < now { job.end(.timeLimit) }
        }
    }

    /// An operator, or whoever enqueued it, wants a job to end.
    func cancel(_ id: String) {
        guard let id = UUID(id) else { return }
        home.execute { [self] in running[ID(id)]?.end(.cancelled) }
    }
}
