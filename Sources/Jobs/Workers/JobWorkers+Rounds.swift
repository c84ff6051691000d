import Postgres
import Runtime
import Telemetry
import Values

/// Rounds, on the home loop: what is due is brought up, what there are places for is taken and begun.
extension JobWorkers {
    /// Takes what there are places for and starts it. A housekeeping round first brings up what has become due.
    func round(isHousekeeping: Bool) async throws {
        if !isDeclared { try await declare() }
        if isHousekeeping {
            wantsHousekeeping = false
            try await keepHouse()
        }
        let wanted = places.values.filter { $0.free > 0 }
        try await take(from: wanted.filter { !$0.queue.isOrderly })
        let orderly = wanted.filter(\.queue.isOrderly).map(\.queue.name)
        if orderly.isEmpty { return }
        for queue in try await database.all(TurnQueries.ready(orderly)) { try await take(inTurnFrom: queue) }
    }

    private func take(from wanted: [QueuePlaces]) async throws {
        if wanted.isEmpty { return }
        let token = UUID.v7()
        // Counted from before the statement: the server's time begins later.
        let start = EventLoop.monotonic()
        let (_, jobs) = try await database.write(
            JobQueries.withoutWaiting(),
            JobQueries.take(
                queues: wanted.map(\.queue.name), free: wanted.map(\.free), token: token, now: clock.now, leases: shortLeases))
        if isStopping { return try await giveBack(jobs) }
        for place in wanted {
            let taken = jobs.count { $0.queue == place.queue.name }
            places[place.queue.name]?.mayHaveMore = taken == place.free
        }
        for job in jobs.sorted() { begin(job, leasedAt: start) }
    }

    /// One transaction in one round trip: the queue's row is held while its jobs are taken.
    private func take(inTurnFrom queue: String) async throws {
        guard let place = places[queue], place.free > 0 else { return }
        let free = min(place.free, TurnQueries.batch)
        let start = EventLoop.monotonic()
        let (_, jobs) = try await database.write(
            TurnQueries.lock(queue), TurnQueries.take(queue, free: free, token: UUID.v7(), now: clock.now, leases: shortLeases))
        if isStopping { return try await giveBack(jobs) }
        places[queue]?.mayHaveMore = jobs.count == free
        for job in jobs.sorted() { begin(job, leasedAt: start) }
        if jobs.count == free, free < place.free { pump() }
    }

    private func declare() async throws {
        for place in places.values.sorted(by: { $0.queue.name < $1.queue.name }) {
            try await database.execute(JobQueries.declare(place.queue))
        }
        try await scheduler.declare()
        isDeclared = true
    }

    private func keepHouse() async throws {
        let (_, rescued, isAnyDue) = try await database.write(
            JobQueries.promote(now: clock.now), JobQueries.rescue(now: clock.now),
            ScheduleQueries.anyDue(scheduler.keys, now: clock.now))
        for job in rescued {
            places[job.queue]?.metrics?.rescued.add()
            log.warning(
                "the lease of a job has lapsed",
                ["job": .text(job.name), "jobId": LogValue(job.id), "failed": .flag(job.hasFailed)])
            if job.hasFailed { tallies[job.queue, default: QueueTally()].failed += 1 }
            if job.hasFailed { _ = await giveUp(job.name, job.data, JobFailure.leaseLapsed, on: home, log) }
        }
        if isAnyDue == [true] { _ = try await scheduler.fire() }
    }

    private func begin(_ job: LeasedJob, leasedAt start: UInt64) {
        places[job.queue]?.running += 1
        places[job.queue]?.metrics?.active.add(1)
        let limit = type(named: job.name)?.timeLimit ?? .seconds(60)
        let entry = RunningJob(
            job, deadline: EventLoop.monotonic() + limit.nanoseconds, lease: type(named: job.name)?.lease ?? JobType.lease,
            leasedAt: start)
        running[job.id] = entry
        let loop = loops[nextLoop % loops.count]
        nextLoop += 1
        // A task that is on the home loop may have ended when `spawn` returns; then nobody looks at `task` any more.
        entry.task = loop.spawn { [self] in
            let isCompleted = await carryOut(entry, on: loop)
            home.execute { [self] in if isCompleted { complete(entry) } else { end([entry]) } }
        }
    }

    /// Their places are free again.
    func end(_ entries: [RunningJob]) {
        var isWanted = false
        for entry in entries {
            let queue = entry.job.queue
            running[entry.job.id] = nil
            places[queue]?.running -= 1
            places[queue]?.metrics?.active.add(-1)
            isWanted = isWanted || places[queue]?.mayHaveMore == true
        }
        // First what waits for the places: whoever is told that nothing is under way must not meet a round of ours.
        if isWanted { pump() }
        settleIdle()
    }
}
