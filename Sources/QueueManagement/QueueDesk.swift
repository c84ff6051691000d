import Identity
import Jobs
import Postgres
import Service
import Values

/// What operators do with queues, each with its row in the trail, in one transaction.
struct QueueDesk: Sendable {
    let database: Database
    let queues: Queues
    let audit: Audit

    func stats(of queue: String) async throws -> QueueStats {
        guard let stats = try await queues.stats(of: queue) else { throw HouseProblem.notFound }
        return stats
    }

    func health() async throws -> QueuesHealth {
        QueuesHealth(checkedAt: try await queues.now(), queues: try await queues.signs().map { QueueHealth($0) })
    }

    // MARK: Queues

    func setPaused(_ queue: String, _ isPaused: Bool, by actor: AuditActor) async throws -> QueueStats {
        try await database.transaction { _ in
            let before = try await stats(of: queue)
            if before.isPaused == isPaused { return before }
            let isDone = isPaused ? try await queues.pause(queue, by: actor.id) : try await queues.resume(queue)
            guard isDone else { throw HouseProblem.notFound }
            let change = AuditChange("isPaused", .flag(!isPaused), .flag(isPaused))
            await audit.record(
                AuditEntry(isPaused ? "queue_paused" : "queue_resumed", "queue", queue, changes: change.map { [$0] } ?? []),
                by: actor)
            return try await stats(of: queue)
        }
    }

    func clean(_ queue: String, _ filter: CleanFilter, by actor: AuditActor) async throws -> Int {
        try await searching(in: queue) {
            var removed = 0
            for selection in filter.selections(queue) {
                if filter.dryRun {
                    removed += min(try await queues.count(selection), filter.limit)
                } else {
                    removed += try await queues.clean(selection, limit: filter.limit)
                }
            }
            if !filter.dryRun, removed > 0 {
                await audit.record(
                    AuditEntry(
                        "queue_cleaned", "queue", queue,
                        details: [
                            ("state", AuditValue(filter.state)), ("name", AuditValue(filter.name)),
                            ("olderThanSeconds", .number(Int64(filter.olderThanSeconds))),
                            ("removed", .number(Int64(removed))),
                        ]), by: actor)
            }
            return removed
        }
    }

    func retry(_ queue: String, _ order: RetryOrder, by actor: AuditActor) async throws -> Int {
        try await searching(in: queue) {
            let selection = JobSelection(queue, state: .failed, name: order.name, text: order.text)
            if order.dryRun { return min(try await queues.count(selection), order.limit) }
            let retried = try await queues.retry(selection, limit: order.limit)
            if retried > 0 {
                await audit.record(
                    AuditEntry(
                        "jobs_retried", "queue", queue,
                        details: [("name", AuditValue(order.name)), ("retried", .number(Int64(retried)))]), by: actor)
            }
            return retried
        }
    }

    // MARK: Jobs

    func jobs(_ queue: String, _ filter: JobFilter, _ request: CursorRequest) async throws -> [JobRecord] {
        var last: ID<Job>?
        if let cursor = request.cursor {
            guard let id = UUID(cursor) else {
                throw InvalidInput(field: "cursor", code: "format", message: "must be one that a list gave")
            }
            last = ID(id)
        }
        return try await searching(in: queue) {
            try await queues.jobs(filter.selection(queue), after: last, limit: request.limit + 1)
        }
    }

    func job(_ id: ID<Job>, in queue: String) async throws -> JobRecord {
        guard let job = try await queues.job(id, in: queue) else { throw HouseProblem.notFound }
        return job
    }

    func retry(_ id: ID<Job>, in queue: String, by actor: AuditActor) async throws -> JobRecord {
        try await database.transaction { _ in
            let before = try await job(id, in: queue)
            guard try await queues.retry(id, in: queue) else { throw QueueProblem.jobNotFailed }
            await audit.record(
                AuditEntry(
                    "job_retried", "job", id.description, details: [("queue", .text(queue)), ("name", .text(before.name))]),
                by: actor)
            return try await job(id, in: queue)
        }
    }

    func remove(_ id: ID<Job>, in queue: String, for caller: Caller, by actor: AuditActor) async throws {
        try await database.transaction { _ in
            guard let before = try await queues.job(id, in: queue, locked: true) else { throw HouseProblem.notFound }
            try await caller.checkMatch()
            guard try await queues.remove(id, in: queue) else { throw QueueProblem.jobActive }
            await audit.record(
                AuditEntry(
                    "job_removed", "job", id.description,
                    details: [
                        ("queue", .text(queue)), ("name", .text(before.name)), ("state", .text(before.state.rawValue)),
                    ]), by: actor)
        }
    }

    /// A search in a queue that there is, refused when it takes too long.
    private func searching<T>(in queue: String, _ body: () async throws -> T) async throws -> T {
        do {
            return try await database.transaction { _ in
                guard try await queues.exists(queue) else { throw HouseProblem.notFound }
                return try await body()
            }
        } catch is SearchTookTooLong {
            throw QueueProblem.searchTooBroad
        }
    }

    // MARK: Schedules

    func setSchedule(_ key: String, _ change: ScheduleChange, by actor: AuditActor) async throws -> ScheduleRecord {
        try await database.transaction { _ in
            guard let (before, after) = try await queues.setSchedule(key, enabled: change.isEnabled) else {
                throw HouseProblem.notFound
            }
            if let change = AuditChange("isEnabled", .flag(before.isEnabled), .flag(after.isEnabled)) {
                await audit.record(AuditEntry("schedule_changed", "schedule", key, changes: [change]), by: actor)
            }
            return after
        }
    }

    func runSchedule(_ key: String, by actor: AuditActor) async throws -> ID<Job> {
        try await database.transaction { _ in
            switch try await queues.run(key) {
            case .unknown: throw HouseProblem.notFound
            case .isRunning: throw QueueProblem.scheduleRunning
            case .enqueued(let id):
                await audit.record(
                    AuditEntry("schedule_run", "schedule", key, details: [("jobId", .text(id.description))]), by: actor)
                return id
            }
        }
    }
}
