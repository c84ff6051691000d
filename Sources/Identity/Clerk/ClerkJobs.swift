import JSON
import Jobs
import Service
import Values

/// What follows from people's accounts at Clerk.
enum ClerkJobs {
    /// Over an hour and a half, then a change of grants has to come again.
    static let writeGrants = JobKind<ClerkGrants>(
        "write-clerk-grants", queue: "webhooks", attempts: 10, backOff: .seconds(10), timeLimit: .seconds(30))
    static let closeAccount = JobKind<ClerkFarewell>("close-clerk-account", queue: "maintenance")

    static func all(_ door: ClerkAccounts) -> [JobType] {
        [
            JobType(writeGrants) { task, _ in try await door.carryOut(task) },
            JobType(closeAccount) { task, _ in
                do { try await door.close(ID(task.userID)) } catch let problem as Problem
                where problem.code == UserProblem.deletionBlocked.rawValue {
                    throw JobVerdict.snooze(.days(1))
                }
            },
        ]
    }
}

/// Whose grants Clerk is to be told.
struct ClerkGrants: Shaped {
    let subject: String

    static let shape = Shape("ClerkGrants", Self.init, Field("subject", { $0.subject }))
}

/// Whose account is to end.
struct ClerkFarewell: Shaped {
    let userID: UUID

    static let shape = Shape("ClerkFarewell", Self.init, Field("userId", { $0.userID }))
}
