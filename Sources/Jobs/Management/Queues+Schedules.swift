import Postgres
import Values

/// Schedules, as operators see them.
extension Queues {
    private var scheduler: Scheduler { Scheduler([], database: database, clock: clock) }

    package func schedules() async throws -> [ScheduleRecord] {
        try await database.all(ScheduleQueries.all())
    }

    /// Lets a schedule rest, or be due again from now on: what was missed while it rested is not made up for.
    ///
    /// - Returns: before and after; nil when there is no such schedule.
    package func setSchedule(_ key: String, enabled isEnabled: Bool) async throws -> (ScheduleRecord, ScheduleRecord)? {
        try await database.transaction { _ in
            guard let before = try await database.first(ScheduleQueries.locked(key)) else { return nil }
            if before.isEnabled == isEnabled { return (before, before) }
            var next = before.nextRunAt
            if isEnabled, let rule = before.rule { next = try await scheduler.next(of: rule) }
            try await database.execute(ScheduleQueries.enable(key, isEnabled, next: next))
            return (before, try await database.one(ScheduleQueries.locked(key)))
        }
    }

    /// What became of the wish to run a schedule's job now.
    package enum Run: Sendable, Equatable {
        case enqueued(ID<Job>)
        /// Its last job is unfinished.
        case isRunning
        case unknown
    }

    package func run(_ key: String) async throws -> Run {
        try await database.transaction { _ in
            guard try await database.first(ScheduleQueries.locked(key)) != nil else { return .unknown }
            return try await scheduler.enqueue(key).map { .enqueued($0) } ?? .isRunning
        }
    }
}
