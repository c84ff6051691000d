import JSON
import Postgres
import Runtime
import Telemetry
import Values

/// One try of one job, on whichever loop it was given to.
extension JobWorkers {
    /// - Returns: whether it was carried out, which the home loop writes down; everything else has been written.
    func carryOut(_ entry: RunningJob, on loop: EventLoop) async -> Bool {
        let job = entry.job
        guard let type = type(named: job.name) else {
            let log = log(of: job)
            log.warning("no part of this program carries out such jobs")
            await write(JobQueries.snooze(job, for: .seconds(60), now: clock.now), of: job, log)
            return false
        }
        let start = EventLoop.monotonic()
        var failure: (any Error)?
        do { try await type.run(job.data, context(of: entry, on: loop)) } catch { failure = error }
        metrics(of: job)?.seconds.observe(nanoseconds: EventLoop.monotonic() - start)
        guard let failure else {
            metrics(of: job)?.completed.add()
            return true
        }
        await settle(entry, failure, log(of: job))
        return false
    }

    func log(of job: LeasedJob) -> Log {
        log.with(["job": .text(job.name), "jobId": LogValue(job.id), "attempt": LogValue(job.attempt)])
    }

    private func context(of entry: RunningJob, on loop: EventLoop) -> JobContext {
        let job = entry.job
        return JobContext(
            id: job.id, queue: job.queue, name: job.name, attempt: job.attempt, attempts: job.attempts,
            traceID: job.traceID, loop: loop, program: log,
            progress: { [database] percent in
                guard try await database.execute(JobQueries.progress(job, percent)) == 1 else { throw CancellationError() }
            },
            result: { entry.result = $0 })
    }

    private func settle(_ entry: RunningJob, _ error: any Error, _ log: Log) async {
        let job = entry.job
        switch (entry.ending, error) {
        case (.stopped, _), (.leaseLost, _):
            // Given back by `stop`, or somebody else's by now.
            log.info("a job was interrupted")
        case (.cancelled, _):
            await fail(job, error, JobFailure.cancelled, isFinal: true, log)
        case (_, JobVerdict.snooze(let delay)):
            await write(JobQueries.snooze(job, for: delay, now: clock.now), of: job, log)
        case (_, JobVerdict.giveUp):
            await fail(job, error, JobFailure.reason(error), isFinal: true, log)
        case (let ending, _):
            let reason = ending == .timeLimit ? JobFailure.tookTooLong : JobFailure.reason(error)
            await fail(job, error, reason, isFinal: job.attempt >= job.attempts, log)
        }
    }

    private func fail(
        _ job: LeasedJob, _ error: any Error, _ reason: String, isFinal: Bool, _ log: Log
    ) async {
        if isFinal {
            metrics(of: job)?.failed.add()
            home.execute { [self] in tallies[job.queue, default: QueueTally()].failed += 1 }
            log.error("a job has failed", ["error": .error(error)])
            // What could not be said is said again when the lease has lapsed.
            guard await giveUp(job.name, job.data, reason, on: EventLoop.current ?? home, log) else { return }
            return await write(JobQueries.fail(job, reason, now: clock.now), of: job, log)
        }
        metrics(of: job)?.retried.add()
        let delay = job.backOff.delay(after: job.attempt)
        log.warning("a job will be tried again", ["error": .error(error), "afterMilliseconds": .milliseconds(delay)])
        await write(JobQueries.retry(job, after: delay, reason, now: clock.now), of: job, log)
    }

    /// Lets the kind of a job say what becomes of its object, now that no further try will be made. In a task of its own, since
    /// that of the last try may have been cancelled.
    ///
    /// - Returns: false when it could not.
    func giveUp(_ name: String, _ data: JSONText, _ reason: String, on loop: EventLoop, _ log: Log) async -> Bool {
        guard let givenUp = type(named: name)?.givenUp else { return true }
        let done = Waiter<Void>()
        loop.spawn {
            do { done.resume(returning: try await givenUp(data, reason)) } catch { done.resume(throwing: error) }
        }
        do {
            try await done.value()
            return true
        } catch {
            log.error("the end of a job could not be told", ["error": .error(error)])
            return false
        }
    }

    /// Writes how the try ended, unless its lease has been lost. What cannot be written is found by the lapse of the
    /// lease, and the job is run again.
    private func write(_ command: Command, of job: LeasedJob, _ log: Log) async {
        do {
            if try await executeUncancelled(command) == 1 { return }
            metrics(of: job)?.stale.add()
            log.warning("the lease of a job was lost before it ended")
        } catch {
            log.error("the end of a job could not be written", ["error": .error(error)])
        }
    }

    /// The database gives up what a cancelled task asks for; how a try ended is written all the same, by a task of its
    /// own, since the cancellation may also come while it waits for a connection.
    private func executeUncancelled(_ command: Command) async throws -> Int {
        guard let loop = EventLoop.current else { return try await database.execute(command) }
        let done = Waiter<Int>()
        loop.spawn { [database] in
            do { done.resume(returning: try await database.execute(command)) } catch { done.resume(throwing: error) }
        }
        return try await done.value()
    }
}
