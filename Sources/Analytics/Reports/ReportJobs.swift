import JSON
import Jobs
import Values

/// The jobs of reports: shallow, they call the door.
enum ReportJobs {
    static let make = JobKind<ReportTask>("make-report", queue: "analytics", priority: .low, timeLimit: .seconds(900))
    static let makeDue = JobKind<Empty>("saved-reports", queue: "analytics", priority: .low)
    static let clean = JobKind<Empty>("report-runs-clean", queue: "maintenance", priority: .low)

    static func types(_ reports: Reports) -> [JobType] {
        [
            JobType(make) { task, _ in
                try await reports.carryOut(task.runID)
            } givenUp: { task, _ in
                try await reports.fail(task.runID, "It could not be made.")
            },
            JobType(makeDue) { _, _ in try await reports.makeDue() },
            JobType(clean) { _, _ in try await reports.clean() },
        ]
    }

    /// 0-platform, 5.2.
    static let schedules = [
        Schedule("saved-reports", makeDue, Empty(), .cron("30 2 * * *")),
        Schedule("report-runs-clean", clean, Empty(), .cron("40 3 * * *")),
    ]
}

/// Which run a job is about.
struct ReportTask: Shaped {
    let runID: ID<ReportRun>

    static let shape = Shape<ReportTask>("ReportTask", Self.init, Field("runId", { $0.runID }))
}
