import JSON
import Jobs
import Postgres
import Service

/// What has to be done again and again so that nothing grows without end, for the parts that have no jobs of their own.
struct UpkeepModule: Module {
    let name = "upkeep"
    let database: Database
    let outbox: Outbox

    var operations: [Operation] { [] }
    static var statements: [StatementSample] { [] }

    private static let clean = JobKind<Empty>("upkeep-clean", queue: "maintenance", priority: .low)

    var jobs: [JobType] {
        [
            JobType(Self.clean) { _, _ in
                try await IdempotencyUpkeep.clean(database)
                try await outbox.clean()
            },
        ]
    }

    var schedules: [Schedule] {
        [
            Schedule("upkeep-clean", Self.clean, Empty(), .cron("17 * * * *")),
        ]
    }
}
