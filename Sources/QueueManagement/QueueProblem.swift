import Service

/// Refusals around queues.
enum QueueProblem: String, ProblemKind {
    case jobNotFailed = "job_not_failed"
    case jobActive = "job_active"
    case scheduleRunning = "schedule_running"
    case searchTooBroad = "search_too_broad"

    var status: Int {
        switch self {
        case .jobNotFailed, .jobActive, .scheduleRunning: 409
        case .searchTooBroad: 422
        }
    }

    var detail: String {
        switch self {
        case .jobNotFailed: "Only a failed job can be tried again, and only while no other does its work."
        case .jobActive: "The job is under way; it cannot be removed."
        case .scheduleRunning: "The last job of this schedule is not finished yet."
        case .searchTooBroad: "Nothing was found within two seconds; name the state or the type of job too."
        }
    }
}
