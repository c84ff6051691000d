import JSON
import Runtime
import Telemetry
import Values

/// What a handler may know of the job it carries out.
package struct JobContext: Sendable {
    package let id: ID<Job>
    package let queue: String
    package let name: String
    /// 1 for the first try.
    package let attempt: Int
    package let attempts: Int
    /// The trace of the request that enqueued it.
    package let traceID: String?
    package let loop: EventLoop
    /// What the records of the job begin from.
    let program: Log
    let progress: @Sendable (Int) async throws -> Void
    let result: @Sendable (JSONText) -> Void

    /// Carries the job's name and id. Made when it is asked for: most jobs have nothing to say.
    package var log: Log {
        program.with(["job": .text(name), "jobId": LogValue(id), "attempt": LogValue(attempt)])
    }

    /// Notes how much is done, in percent. Throws when the job's lease has been lost: somebody else does the work now.
    package func report(progress percent: Int) async throws {
        try await progress(min(max(percent, 0), 100))
    }

    /// What the job has come to, kept beside it when it is completed: counts and ids, no secrets.
    package func report(result: some JSONWritable) { self.result(JSONText(encoding: result)) }
}
