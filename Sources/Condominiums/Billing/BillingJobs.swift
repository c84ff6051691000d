import Jobs
import JSON
import Values

/// Shallow jobs that call the doors.
enum BillingJobs {
    /// Which run.
    struct RunOrder: Shaped {
        let run: ID<BillingRun>

        static let shape = Shape("BillingRunOrder", RunOrder.init, Field("run", { $0.run }))
    }

    /// Retries after 1, 4 and 16 minutes.
    static let run = JobKind<RunOrder>(
        "condo.billing.run", queue: "condominiums", attempts: 4, backOff: .seconds(60), timeLimit: .seconds(3600))
    static let schedule = JobKind<Empty>("condo.billing.schedule", queue: "condominiums")
    static let resume = JobKind<Empty>("condo.billing.resume", queue: "condominiums")
    static let cleanInvites = JobKind<Empty>("condo.invites.clean", queue: "condominiums")

    static func all(_ work: BillingWork, _ billing: Billing, _ invites: Invites) -> [JobType] {
        [
            JobType(run) { order, _ in
                try await work.perform(order.run)
            } givenUp: { order, _ in
                try await work.giveUp(order.run)
            },
            JobType(schedule) { _, _ in try await billing.beginDue() },
            JobType(resume) { _, _ in try await billing.resume() },
            JobType(cleanInvites) { _, _ in try await invites.clean() },
        ]
    }

    /// Each condo's month begins in its own time zone, so due runs are looked for every ten minutes.
    static let schedules = [
        Schedule("condo.billing.schedule", schedule, Empty(), .every(.seconds(600))),
        Schedule("condo.billing.resume", resume, Empty(), .every(.seconds(300))),
        Schedule("condo.invites.clean", cleanInvites, Empty(), .cron("0 2 * * *")),
    ]
}
