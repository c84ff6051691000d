import JSON
import Jobs
import Notifications
import Service
import Values

/// Greets whoever has made an account for himself, once his address is known to be his.
struct Welcome: Sendable {
    let users: Users
    let notifications: Notifications
    let jobs: Jobs

    static let send = JobKind<WelcomeTask>("send-welcome-email", queue: "emails")
    /// A link to confirm an address holds as long.
    private static let patience = Duration.days(1)

    var handler: EventHandler {
        EventHandler("identity.welcome", on: [IdentityEvent.registered.rawValue]) { event in
            guard let user = event.objectID else { return }
            try await jobs.enqueue(Self.send, WelcomeTask(userID: user), dedupe: "welcome:\(user)")
        }
    }

    var job: JobType { JobType(Self.send) { task, _ in try await carryOut(ID(task.userID)) } }

    /// Throws `snooze` while the address may still be confirmed: nobody is greeted at a stranger's.
    func carryOut(_ id: ID<User>) async throws {
        guard let user = try await users.find(id), user.maySignIn, let email = user.email else { return }
        guard user.emailVerifiedAt != nil else {
            if users.clock.now() < user.createdAt + Self.patience { throw JobVerdict.snooze(.hours(1)) }
            return
        }
        try await notifications.send(
            Notice(
                template: .welcome, in: user.locale.rawValue, ["name": user.firstName.isEmpty ? user.name : user.firstName],
                dedupeKey: "welcome:\(id)"),
            to: .user(id.uuid, email: email))
    }
}

/// Who is to be greeted.
struct WelcomeTask: Shaped {
    let userID: UUID

    static let shape = Shape("WelcomeTask", Self.init, Field("userId", { $0.userID }))
}
