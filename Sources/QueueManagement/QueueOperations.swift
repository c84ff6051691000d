import Identity
import Jobs
import Service
import Values

/// Looking after the queues: `/admin/queue-management` (0-platform, 3.7).
struct QueueOperations {
    let desk: QueueDesk
    let book: RoleBook
    let streams: QueueStreams

    var all: [Operation] {
        [
            health, allStats, stats, throughput, pause, resume, clean, retryMany, list, get, retry, remove, schedules,
            changeSchedule, runSchedule, stream,
        ]
    }

    private static let tag = "Queues"
    private static let root = "/admin/queue-management"

    // MARK: Figures

    private var health: Operation {
        Operation.get(
            "\(Self.root)/health", "getQueueHealth", "How the queues are, judged now", tag: Self.tag,
            who: .permission("queues:read"), answer: QueuesHealth.self
        ) { [desk] call in
            try call.caller.requirePlatform("queues:read")
            return try await desk.health()
        }.described(
            """
            More than 1,000 waiting jobs are a warning. More than a tenth of at least ten jobs that ended within the hour \
            having failed is critical, and so are more than 100 failed jobs.
            """)
    }

    private var allStats: Operation {
        Operation.get(
            "\(Self.root)/stats", "listQueueStats", "How many jobs of each queue are in which state", tag: Self.tag,
            who: .permission("queues:read"), answer: [QueueStatsView].self
        ) { [desk] call in
            try call.caller.requirePlatform("queues:read")
            return try await desk.queues.stats().map { QueueStatsView(stats: $0) }
        }
    }

    private var stats: Operation {
        Operation.get(
            "\(Self.root)/stats/{queue}", "getQueueStats", "How many jobs of a queue are in which state", tag: Self.tag,
            who: .permission("queues:read"), problems: [HouseProblem.notFound], answer: QueueStatsView.self
        ) { [desk] call in
            try call.caller.requirePlatform("queues:read")
            return QueueStatsView(stats: try await desk.stats(of: call.text("queue")))
        }
    }

    private var throughput: Operation {
        Operation.get(
            "\(Self.root)/throughput", "getQueueThroughput", "How many jobs came to which end, minute by minute",
            tag: Self.tag, who: .permission("queues:read"), query: ThroughputFilter.self, answer: [QueueMinuteView].self
        ) { [desk] call, filter in
            try call.caller.requirePlatform("queues:read")
            return try await desk.queues.throughput(of: filter.queue, minutes: filter.minutes)
                .map { QueueMinuteView(minute: $0) }
        }.described("Minutes in which nothing ended are left out.")
    }

    private var stream: Operation {
        Operation.raw(
            .get, "\(Self.root)/stream", "streamQueues", "What changes, as server-sent events", tag: Self.tag,
            who: .permission("queues:read"), problems: [HouseProblem.overloaded],
            success: Success(200, contentType: "text/event-stream")
        ) { [streams] call in
            try call.caller.requirePlatform("queues:read")
            return try streams.answer(on: call.loop)
        }.deadline(seconds: QueueStreams.deadline).uncompressed().described(
            """
            `stats` every two seconds: an array as of `/stats`. `job` when a job has been added, has begun or has ended, \
            at most 100 in two seconds: `{id, queue, name, state, priority, attemptsMade, at}`. Ends after a minute; ask \
            again.
            """)
    }

    // MARK: Queues

    private func pausing(_ verb: String, _ id: String, _ summary: String, _ isPaused: Bool) -> Operation {
        Operation.action(
            "\(Self.root)/{queue}/\(verb)", id, summary, tag: Self.tag, who: .permission("queues:manage"),
            problems: [HouseProblem.notFound], answer: QueueStatsView.self
        ) { [desk, book] call in
            try call.caller.requirePlatform("queues:manage")
            let stats = try await desk.setPaused(try call.text("queue"), isPaused, by: AuditActor(call, book))
            return QueueStatsView(stats: stats)
        }
    }

    private var pause: Operation {
        pausing("pause", "pauseQueue", "Take no more jobs of a queue, on any instance", true)
    }

    private var resume: Operation { pausing("resume", "resumeQueue", "Take jobs of a queue again", false) }

    private var clean: Operation {
        Operation.clean(
            "\(Self.root)/{queue}/clean", "cleanQueue", "Remove jobs that are not under way", tag: Self.tag,
            who: .permission("queues:manage"), problems: [HouseProblem.notFound, QueueProblem.searchTooBroad],
            query: CleanFilter.self, answer: RemovedCount.self
        ) { [desk, book] call, filter in
            try call.caller.requirePlatform("queues:manage")
            let removed = try await desk.clean(try call.text("queue"), filter, by: AuditActor(call, book))
            return RemovedCount(removed: removed)
        }
    }

    private var retryMany: Operation {
        Operation.post(
            "\(Self.root)/{queue}/retry", "retryJobs", "Try failed jobs again", tag: Self.tag,
            who: .permission("queues:manage"), problems: [HouseProblem.notFound, QueueProblem.searchTooBroad],
            body: RetryOrder.self, answer: RetriedCount.self, status: 200
        ) { [desk, book] call, order in
            try call.caller.requirePlatform("queues:manage")
            let retried = try await desk.retry(try call.text("queue"), order, by: AuditActor(call, book))
            return RetriedCount(retried: retried)
        }
    }

    // MARK: Jobs

    private var list: Operation {
        Operation.feed(
            "\(Self.root)/{queue}/jobs", "listJobs", "The jobs of a queue", tag: Self.tag,
            who: .permission("queues:read"), problems: [HouseProblem.notFound, QueueProblem.searchTooBroad],
            filter: JobFilter.self, item: JobView.self
        ) { [desk] call, filter, request in
            try call.caller.requirePlatform("queues:read")
            let jobs = try await desk.jobs(try call.text("queue"), filter, request)
            return Feed(fetched: jobs.map { JobView(job: $0) }, limit: request.limit) { $0.job.id.description }
        }.described(
            """
            Waiting jobs in the order in which they are taken, delayed ones as they are due, finished ones by their end, \
            the last first; of all states the newest first.
            """)
    }

    private var get: Operation {
        Operation.get(
            "\(Self.root)/{queue}/jobs/{jobId}", "getJob", "A job with its attempts and errors", tag: Self.tag,
            who: .permission("queues:read"), problems: [HouseProblem.notFound], answer: JobView.self
        ) { [desk] call in
            try call.caller.requirePlatform("queues:read")
            return JobView(job: try await desk.job(call.id("jobId"), in: call.text("queue")))
        }
    }

    private var retry: Operation {
        Operation.action(
            "\(Self.root)/{queue}/jobs/{jobId}/retry", "retryJob", "Try a failed job again, its attempts from 0",
            tag: Self.tag, who: .permission("queues:manage"),
            problems: [HouseProblem.notFound, QueueProblem.jobNotFailed], answer: JobView.self
        ) { [desk, book] call in
            try call.caller.requirePlatform("queues:manage")
            let job = try await desk.retry(call.id("jobId"), in: call.text("queue"), by: AuditActor(call, book))
            return JobView(job: job)
        }
    }

    private var remove: Operation {
        Operation.delete(
            "\(Self.root)/{queue}/jobs/{jobId}", "removeJob", "Remove a job that is not under way", tag: Self.tag,
            who: .permission("queues:manage"), problems: [HouseProblem.notFound, QueueProblem.jobActive]
        ) { [desk, book] call in
            try call.caller.requirePlatform("queues:manage")
            try await desk.remove(
                call.id("jobId"), in: call.text("queue"), for: call.caller, by: AuditActor(call, book))
        }
    }

    // MARK: Schedules

    private var schedules: Operation {
        Operation.get(
            "\(Self.root)/schedules", "listSchedules", "What is done again and again, and when next", tag: Self.tag,
            who: .permission("queues:read"), answer: [ScheduleView].self
        ) { [desk] call in
            try call.caller.requirePlatform("queues:read")
            return try await desk.queues.schedules().map { ScheduleView(schedule: $0) }
        }
    }

    private var changeSchedule: Operation {
        Operation.patch(
            "\(Self.root)/schedules/{key}", "changeSchedule", "Let a schedule rest, or be due again", tag: Self.tag,
            who: .permission("queues:manage"), problems: [HouseProblem.notFound], body: ScheduleChange.self,
            answer: ScheduleView.self
        ) { [desk, book] call, change in
            try call.caller.requirePlatform("queues:manage")
            let schedule = try await desk.setSchedule(try call.text("key"), change, by: AuditActor(call, book))
            return ScheduleView(schedule: schedule)
        }
    }

    private var runSchedule: Operation {
        Operation.action(
            "\(Self.root)/schedules/{key}/run", "runSchedule", "Enqueue a schedule's job now", tag: Self.tag,
            who: .permission("queues:manage"), problems: [HouseProblem.notFound, QueueProblem.scheduleRunning],
            answer: EnqueuedJob.self, status: 202
        ) { [desk, book] call in
            try call.caller.requirePlatform("queues:manage")
            return EnqueuedJob(jobID: try await desk.runSchedule(try call.text("key"), by: AuditActor(call, book)))
        }
    }
}
