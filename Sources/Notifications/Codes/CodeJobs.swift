import JSON
import Jobs

/// Codes go a day after they were made.
enum CodeJobs {
    static let purge = JobKind<Empty>("codes-purge", queue: "maintenance", priority: .low)
    static let schedule = Schedule("codes-purge", purge, Empty(), .cron("35 3 * * *"))

    static func purging(_ codes: Codes) -> JobType {
        JobType(purge) { _, _ in try await codes.purge() }
    }
}
