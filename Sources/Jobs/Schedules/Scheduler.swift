import Postgres
import Values

/// Enqueues the jobs of schedules when they are due. Any number of instances may do so at once: the row's lock decides.
struct Scheduler: Sendable {
    /// A run that was missed for longer is not made up for.
    static let longestMiss = Duration.seconds(3600)

    let database: Database
    let clock: JobClock
    private let schedules: [Schedule]
    /// Those of the program.
    let keys: [String]
    private let normalAttempts: Int

    /// - Parameter attempts: see `Jobs`.
    init(
        _ schedules: [Schedule], database: Database, clock: JobClock, attempts: Int = JobPriority.normalAttempts
    ) {
        precondition(Set(schedules.map(\.key)).count == schedules.count, "two schedules have one key")
        self.database = database
        self.clock = clock
        self.schedules = schedules.sorted { $0.key < $1.key }
        normalAttempts = attempts
        keys = self.schedules.map(\.key)
    }

    /// Writes down what the program declares.
    func declare() async throws {
        for schedule in schedules { try await declare(schedule, byProgram: true) }
    }

    func declare(_ schedule: Schedule, byProgram isDeclared: Bool) async throws {
        let next = try await next(of: schedule.rule)
        let job = schedule.job(attempts: normalAttempts)
        try await database.execute(ScheduleQueries.declare(schedule, job, next: next, byProgram: isDeclared))
    }

    /// Fires what is due; answers how many jobs were enqueued.
    func fire() async throws -> Int {
        try await database.transaction { _ in
            var count = 0
            for due in try await database.all(ScheduleQueries.due(keys, now: clock.now)) {
                if due.now - due.dueAt <= Self.longestMiss, try await enqueue(due.key) != nil { count += 1 }
                var next = Instant.distantFuture
                if let rule = due.rule { next = try await self.next(of: rule, after: due.now, previous: due.dueAt) }
                try await database.execute(ScheduleQueries.fired(due.key, for: due.dueAt, next: next))
            }
            return count
        }
    }

    /// Nil when the last job of the schedule is unfinished.
    func enqueue(_ key: String) async throws -> ID<Job>? {
        try await database.first(ScheduleQueries.enqueue(key, as: .new(), now: clock.now))?.id
    }

    /// The first run from now on.
    func next(of rule: Schedule.Rule) async throws -> Instant {
        let now = try await database.one(ScheduleQueries.present(clock.now))
        return try await next(of: rule, after: now, previous: now)
    }

    /// The first run after `now`.
    func next(of rule: Schedule.Rule, after now: Instant, previous: Instant) async throws -> Instant {
        switch rule {
        case .every(let distance):
            let passed = (now - previous).wholeMicroseconds / distance.wholeMicroseconds
            return previous + distance * Int(passed + 1)
        case .cron(let cron, let zone):
            var wall = try await database.one(ScheduleQueries.wallTime(at: now, in: zone))
            // Around a change of the clocks a later time on the wall need not be a later instant.
            while let time = cron.next(after: wall) {
                let instant = try await database.one(ScheduleQueries.instant(of: time, in: zone))
                if instant > now { return instant }
                wall = time
            }
            return .distantFuture
        }
    }
}
