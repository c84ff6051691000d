import JSON
import Jobs
import Service
import Values

/// What is done by night.
enum UpkeepJobs {
    static let inspect = JobKind<Empty>("urgent.ledger-audit", queue: "urgent", timeLimit: .seconds(1800))

    static func all(_ inspection: Inspection, _ clock: Clock) -> [JobType] {
        [
            JobType(inspect) { _, context in
                let found = try await inspection.run(context.log, on: clock.now().dayInMoscow)
                context.report(result: InspectionResult(differences: found))
            }
        ]
    }

    static let schedules = [
        Schedule("urgent.ledger-audit", inspect, Empty(), .cron("30 3 * * *", zone: "Europe/Moscow"))
    ]
}

struct InspectionResult: WireOutput {
    let differences: Int

    static let shape = Shape<InspectionResult>(output: "UrgentInspection", Field("differences", { $0.differences }))
}
