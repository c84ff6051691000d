import Postgres
import Values

/// Many jobs at once.
extension Jobs {
    /// Jobs that one statement adds.
    private static let batch = 500

    /// Adds a job for each of many, with a statement for each five hundred. Within the caller's transaction, if any.
    ///
    /// - Parameters:
    ///   - dedupe: the key of each; see `enqueue` of one.
    ///   - fairness: whose jobs they are; see `enqueue` of one.
    /// - Returns: how many were added.
    @discardableResult
    package func enqueue<Payload>(
        _ kind: JobKind<Payload>, all payloads: [Payload], after delay: Duration = .zero,
        dedupe: ((Payload) -> String)? = nil, fairness: String = "", priority: JobPriority? = nil
    ) async throws -> Int {
        let new = payloads.map { payload in
            var job = NewJob(kind, payload, priority: priority, attempts: normalAttempts)
            job.dedupeKey = dedupe?(payload)
            return job
        }
        var added = 0
        var rest = new[...]
        while let first = rest.first {
            let batch = rest.prefix(Self.batch)
            rest = rest.dropFirst(Self.batch)
            added += try await database.one(
                JobQueries.add(batch, like: first, after: delay, fairness: fairness, now: clock.now)).count
        }
        return added
    }
}
