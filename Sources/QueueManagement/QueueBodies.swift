import JSON
import Jobs
import Service
import Values

extension JobState: WireEnum {}

/// How many jobs of a queue are in which state.
struct QueueStatsView: WireOutput {
    let stats: QueueStats

    static let shape = Shape<Self>(
        output: "QueueStats",
        Field("queue", { $0.stats.queue }), Field("waiting", { $0.stats.waiting }), Field("delayed", { $0.stats.delayed }),
        Field("active", { $0.stats.active }), Field("completed", { $0.stats.completed }),
        Field("failed", { $0.stats.failed }), Field("total", { $0.stats.total }),
        Field("isPaused", { $0.stats.isPaused }))
}

/// What became of a queue's jobs in a minute.
struct QueueMinuteView: WireOutput {
    let minute: QueueMinute

    static let shape = Shape<Self>(
        output: "QueueMinute",
        Field("queue", { $0.minute.queue }), Field("minute", { $0.minute.minute }),
        Field("completed", { $0.minute.completed }), Field("failed", { $0.minute.failed }))
}

struct ThroughputFilter: Shaped {
    let queue: String?
    let minutes: Int

    static let shape = Shape<Self>(
        "ThroughputFilter", Self.init, Field("queue", { $0.queue }, .length(1...60)),
        Field("minutes", { $0.minutes }, .range(1...1440), default: { 60 }, doc: "How far back."))
}

/// What a list of jobs is narrowed to.
struct JobFilter: Shaped {
    let state: JobState?
    let name: String?
    let text: String?

    static let shape = Shape<Self>(
        "JobFilter", Self.init,
        Field("state", { $0.state }), Field("name", { $0.name }, .length(1...100), doc: "The type of job, exactly."),
        Field("q", { $0.text }, .length(1...200), doc: "A text somewhere in the job's data. Searched for two seconds at most."))

    func selection(_ queue: String) -> JobSelection { JobSelection(queue, state: state, name: name, text: text) }
}

/// A job as operators see it. Secrets in data and result are shown as `***`.
struct JobView: WireOutput {
    let job: JobRecord

    static let shape = Shape<Self>(
        output: "Job",
        Field("id", { $0.job.id }), Field("queue", { $0.job.queue }), Field("name", { $0.job.name }),
        Field("state", { $0.job.state }), Field("priority", { $0.job.priority }, doc: "1 critical to 4 low."),
        Field("data", { Masking.masked($0.job.data) }), Field("progress", { $0.job.progress }, doc: "In percent."),
        Field("result", { $0.job.result.map(Masking.masked) }), Field("attemptsMade", { $0.job.attempts }),
        Field("maxAttempts", { $0.job.maxAttempts }), Field("runAt", { $0.job.runAt }),
        Field("createdAt", { $0.job.createdAt }), Field("startedAt", { $0.job.startedAt }),
        Field("finishedAt", { $0.job.finishedAt }), Field("failedReason", { $0.job.failedReason }),
        Field("errors", { JobErrorView.all($0.job.errors) }, doc: "The last five."),
        Field("scheduleKey", { $0.job.scheduleKey }), Field("fairnessKey", { $0.job.fairnessKey }),
        Field("traceId", { $0.job.traceID }))
}

/// Why a try failed.
struct JobErrorView: Shaped {
    let attempt: Int
    let at: Instant
    let message: String

    static let shape = Shape<Self>(
        "JobError", Self.init, Field("attempt", { $0.attempt }), Field("at", { $0.at }),
        Field("message", { $0.message }, .verbatim))

    static func all(_ errors: JSONText) -> [JobErrorView] { (try? [JobErrorView].decode(json: errors.bytes)) ?? [] }
}

/// Which jobs are cleaned away.
struct CleanFilter: Shaped {
    /// What may be cleaned away: never what is under way.
    enum State: String, WireEnum { case waiting, delayed, completed, failed }

    let state: State?
    let olderThanSeconds: Int
    let limit: Int
    let name: String?
    let text: String?
    let dryRun: Bool

    static let shape = Shape<Self>(
        "CleanFilter", Self.init,
        Field("state", { $0.state }, doc: "Completed and failed ones when it is left out."),
        Field(
            "olderThanSeconds", { $0.olderThanSeconds }, .range(0...31_536_000), default: { 0 },
            doc: "For so long they have been finished, or in the queue."),
        Field("limit", { $0.limit }, .range(1...Queues.batch), default: { 100 }, doc: "Of each state, the oldest."),
        Field("name", { $0.name }, .length(1...100)), Field("q", { $0.text }, .length(1...200)),
        Field("dryRun", { $0.dryRun }, default: { false }, doc: "Only says how many there are."))

    func selections(_ queue: String) -> [JobSelection] {
        let states: [JobState] = state.flatMap { JobState(rawValue: $0.rawValue) }.map { [$0] } ?? [.completed, .failed]
        return states.map {
            JobSelection(queue, state: $0, name: name, text: text, olderThan: .seconds(olderThanSeconds))
        }
    }
}

struct RemovedCount: WireOutput {
    let removed: Int

    static let shape = Shape<Self>(output: "RemovedCount", Field("removed", { $0.removed }))
}

/// Which failed jobs are tried again.
struct RetryOrder: Shaped {
    let name: String?
    let text: String?
    let limit: Int
    let dryRun: Bool

    static let shape = Shape<Self>(
        "RetryOrder", Self.init,
        Field("name", { $0.name }, .length(1...100)), Field("q", { $0.text }, .length(1...200)),
        Field("limit", { $0.limit }, .range(1...Queues.batch), default: { 100 }, doc: "The oldest failures."),
        Field("dryRun", { $0.dryRun }, default: { false }, doc: "Only says how many there are."))
}

struct RetriedCount: WireOutput {
    let retried: Int

    static let shape = Shape<Self>(output: "RetriedCount", Field("retried", { $0.retried }))
}

/// A schedule.
struct ScheduleView: WireOutput {
    let schedule: ScheduleRecord

    static let shape = Shape<Self>(
        output: "Schedule",
        Field("key", { $0.schedule.key }), Field("queue", { $0.schedule.queue }), Field("job", { $0.schedule.job }),
        Field("data", { Masking.masked($0.schedule.data) }), Field("cron", { $0.schedule.cron }),
        Field("everySeconds", { $0.schedule.everySeconds }), Field("timeZone", { $0.schedule.timeZone }),
        Field("isEnabled", { $0.schedule.isEnabled }), Field("lastFiredFor", { $0.schedule.lastFiredFor }),
        Field("nextRunAt", { $0.schedule.nextRunAt }))
}

struct ScheduleChange: Shaped {
    let isEnabled: Bool

    static let shape = Shape<Self>("ScheduleChange", Self.init, Field("isEnabled", { $0.isEnabled }))
}

struct EnqueuedJob: WireOutput {
    let jobID: ID<Job>

    static let shape = Shape<Self>(output: "EnqueuedJob", Field("jobId", { $0.jobID }))
}
