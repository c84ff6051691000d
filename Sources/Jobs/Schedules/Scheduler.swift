import Postgres
import Values

/// Enqueues the jobs of schedules when they are due. Any number of instances may do so at once: the row's lock decides.
struct Scheduler: Sendable {
    /// A run that was missed for longer is not made up for.
    static let longestMiss = Duration.seconds(3600)

    let database: Database
    let clock: JobClock
    private let schedules: [String: Schedule]
    let keys: [String]
    private let normalAttempts: Int

    /// - Parameter attempts: see `Jobs`.
    init(
        _ schedules: [Schedule], database: Database, clock: JobClock, attempts: Int = JobPriority.normalAttempts
    ) {
        self.database = database
        self.clock = clock
        normalAttempts = attempts
        self.schedules = Dictionary(schedules.map { ($0.key, $0) }) { _, second in
            preconditionFailure("two schedules are called \(second.key)")
        }
        keys = schedules.map(\.key).sorted()
    }

    /// Writes down what the program declares.
    func declare() async throws {
        for key in keys {
            guard let schedule = schedules[key] else { continue }
            let now = try await database.one(ScheduleQueries.present(clock.now))
            let next = try await next(of: schedule.rule, after: now, previous: now)
            try await database.execute(ScheduleQueries.declare(schedule, schedule.job(), next: next))
        }
    }

    /// Fires what is due; answers how many jobs were enqueued.
    func fire() async throws -> Int {
        let jobs = Jobs(database: database, clock: clock)
        return try await database.transaction { _ in
            var count = 0
            for due in try await database.all(ScheduleQueries.due(keys, now: clock.now)) {
                guard let schedule = schedules[due.key] else { continue }
                if due.now - due.dueAt <= Self.longestMiss, try await jobs.add(schedule.job(attempts: normalAttempts)) != nil {
                    count += 1
                }
                let next = try await next(of: schedule.rule, after: due.now, previous: due.dueAt)
                try await database.execute(ScheduleQueries.fired(due.key, for: due.dueAt, next: next))
            }
            return count
        }
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
