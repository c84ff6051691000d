import JSON
import Jobs
import Service
import Values

extension IdentityModule {
    static let liftSuspensions = JobKind<Empty>("lift-suspensions", queue: "maintenance")
    static let rotateSigningKeys = JobKind<Empty>("rotate-signing-keys", queue: "maintenance")
    static let cleanUpIdentity = JobKind<Empty>("identity-cleanup", queue: "maintenance")

    package var jobs: [JobType] {
        [
            JobType(Self.liftSuspensions) { [self] _, _ in _ = try await liftSuspensions() },
            JobType(Self.rotateSigningKeys) { [self] _, _ in try await rotateKeys() },
            JobType(Self.cleanUpIdentity) { [self] _, _ in try await cleanUp() },
        ] + (welcome.map { [$0.job] } ?? []) + (clerk.map(ClerkJobs.all) ?? [])
    }

    package var eventHandlers: [EventHandler] {
        (welcome.map { [$0.handler] } ?? []) + (clerk.map { [Self.grantsAreTold(to: $0)] } ?? [])
    }

    /// Clerk is told what people may do here.
    private static func grantsAreTold(to clerk: ClerkAccounts) -> EventHandler {
        EventHandler("identity.clerk.grants", on: [IdentityEvent.grantsChanged.rawValue]) { event in
            guard let user = event.objectID else { return }
            try await clerk.writeGrants(of: ID<User>(user))
        }
    }

    package var schedules: [Schedule] {
        [
            Schedule("lift-suspensions", Self.liftSuspensions, Empty(), .every(.seconds(60))),
            Schedule("rotate-signing-keys", Self.rotateSigningKeys, Empty(), .cron("15 2 * * *")),
            Schedule("identity-cleanup", Self.cleanUpIdentity, Empty(), .cron("30 3 * * *")),
        ]
    }
}
