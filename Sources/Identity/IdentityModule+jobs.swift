import JSON
import Jobs

extension IdentityModule {
    static let liftSuspensions = JobKind<Empty>("lift-suspensions", queue: "maintenance")
    static let rotateSigningKeys = JobKind<Empty>("rotate-signing-keys", queue: "maintenance")
    static let cleanUpIdentity = JobKind<Empty>("identity-cleanup", queue: "maintenance")

    package var jobs: [JobType] {
        [
            JobType(Self.liftSuspensions) { [self] _, _ in _ = try await liftSuspensions() },
            JobType(Self.rotateSigningKeys) { [self] _, _ in try await rotateKeys() },
            JobType(Self.cleanUpIdentity) { [self] _, _ in try await cleanUp() },
        ]
    }

    package var schedules: [Schedule] {
        [
            Schedule("lift-suspensions", Self.liftSuspensions, Empty(), .every(.seconds(60))),
            Schedule("rotate-signing-keys", Self.rotateSigningKeys, Empty(), .cron("15 2 * * *")),
            Schedule("identity-cleanup", Self.cleanUpIdentity, Empty(), .cron("30 3 * * *")),
        ]
    }
}
