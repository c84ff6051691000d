import Postgres
import Telemetry
import Values

/// Successes are written down together: those that come while others are being written wait for them, so that batches
/// form only under load and nobody waits for company.
extension JobWorkers {
    /// Rows of one statement.
    private static var batch: Int { 256 }

    func complete(_ entry: RunningJob) {
        completed.append(entry)
        if isCompleting { return }
        isCompleting = true
        // After what else has ended by now. In a task of its own: cancelling what has been carried out must not keep it from
        // being written down.
        home.execute { [self] in
            home.spawn { [self] in
                while !completed.isEmpty {
                    let batch = Array(completed.prefix(Self.batch))
                    completed.removeFirst(batch.count)
                    await write(batch)
                    end(batch)
                }
                isCompleting = false
            }
        }
    }

    /// What cannot be written is found by the lapse of the lease, and the job is run again.
    private func write(_ batch: [RunningJob]) async {
        do {
            let written = Set(try await database.all(JobQueries.complete(batch, now: clock.now)))
            for entry in batch {
                if written.contains(entry.job.id) {
                    tallies[entry.job.queue, default: QueueTally()].completed += 1
                    continue
                }
                metrics(of: entry.job)?.stale.add()
                log(of: entry.job).warning("the lease of a job was lost before it ended")
            }
        } catch let error as DatabaseError where error.kind == .refused && batch.count > 1 {
            // A result that PostgreSQL does not take must not spoil the others'.
            for entry in batch { await write([entry]) }
        } catch {
            for entry in batch {
                log(of: entry.job).error("the end of a job could not be written", ["error": .error(error)])
            }
        }
    }
}
