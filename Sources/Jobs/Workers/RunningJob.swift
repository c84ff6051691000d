import Values

/// A job under way in this process. Confined to the workers' home loop.
final class RunningJob: @unchecked Sendable {
    /// Why its task was cancelled.
    enum Ending { case timeLimit, leaseLost, stopped }

    let job: LeasedJob
    /// Monotonic nanoseconds after which it is cancelled.
    let deadline: UInt64
    var task: Task<Void, Never>?
    var ending: Ending?

    init(_ job: LeasedJob, deadline: UInt64) {
        self.job = job
        self.deadline = deadline
    }

    func end(_ ending: Ending) {
        if self.ending != nil { return }
        self.ending = ending
        task?.cancel()
    }
}
