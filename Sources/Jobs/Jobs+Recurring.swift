import Values

/// Schedules that are added while the program runs: a digest that somebody has ordered, a report every month.
extension Jobs {
    /// Adds a schedule, or changes the one with its key, in the caller's transaction. Any instance fires it; that it
    /// comes again is not interrupted by a new version of the program, as long as that carries out its kind of job.
    package func addRecurring(_ schedule: Schedule) async throws {
        let scheduler = Scheduler([], database: database, clock: clock, attempts: normalAttempts)
        try await scheduler.declare(schedule, byProgram: false)
    }

    /// - Returns: false when there is none that was added.
    @discardableResult
    package func removeRecurring(_ key: String) async throws -> Bool {
        try await database.execute(ScheduleQueries.remove(key)) == 1
    }
}
