import JSON
import Synchronization
import Values

/// A job under way in this process. Only the workers' home loop ends it; the loop that carries it out asks why.
final class RunningJob: @unchecked Sendable {
    /// Why its task was cancelled.
    enum Ending: Sendable { case timeLimit, leaseLost, stopped, cancelled }

    let job: LeasedJob
    /// Monotonic nanoseconds after which it is cancelled.
    let deadline: UInt64
    let lease: Duration
    /// Monotonic nanoseconds at which its lease lapses unless it is renewed. Confined to the home loop.
    var leasedUntil: UInt64
    /// Confined to the home loop.
    var task: Task<Void, Never>?
    private let reason = Mutex<Ending?>(nil)
    /// What its handler reports. Set by the loop that carries it out, read by the home loop afterwards.
    var result: JSONText?

    init(_ job: LeasedJob, deadline: UInt64, lease: Duration, leasedAt start: UInt64) {
        self.job = job
        self.deadline = deadline
        self.lease = lease
        leasedUntil = start + lease.nanoseconds
    }

    /// A third of its lease is over.
    func isToBeRenewed(at now: UInt64) -> Bool { leasedUntil < now + lease.nanoseconds / 3 * 2 }

    var ending: Ending? { reason.withLock { $0 } }

    /// Cancels the task; the first reason counts.
    func end(_ ending: Ending) {
        let isFirst = reason.withLock { reason in
            defer { reason = reason ?? ending }
            return reason == nil
        }
        if isFirst { task?.cancel() }
    }
}
