import JSON
import Jobs

/// What happens to polls by itself.
enum PollJobs {
    static let tick = JobKind<Empty>("condo.polls.tick", queue: "condominiums")

    static func all(_ polls: Polls) -> [JobType] { [JobType(tick) { _, _ in try await polls.tick() }] }

    static let schedules = [Schedule("condo.polls.tick", tick, Empty(), .every(.seconds(60)))]
}
