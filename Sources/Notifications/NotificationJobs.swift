import JSON
import Jobs
import Values

/// Which row is to be sent; what it says stays in the row.
struct SendNotification: Shaped {
    let notificationID: ID<Notification>

    static let shape = Shape<Self>("SendNotification", Self.init, Field("notificationId", { $0.notificationID }))
}

enum NotificationJobs {
    static let sendEmail = JobKind<SendNotification>("send-email", queue: "notifications", timeLimit: .seconds(60))
    /// Codes do not stand in line behind newsletters.
    static let sendCode = JobKind<SendNotification>(
        "send-otp-email", queue: "emails", priority: .critical, timeLimit: .seconds(60))
    static let purge = JobKind<Empty>("notifications-purge", queue: "maintenance", priority: .low)

    static func types(_ door: Notifications) -> [JobType] {
        [
            JobType(sendEmail) { payload, context in
                try await door.deliver(payload.notificationID, isLastAttempt: context.isLastAttempt)
            },
            JobType(sendCode) { payload, context in
                try await door.deliver(payload.notificationID, isLastAttempt: context.isLastAttempt)
            },
            JobType(purge) { _, _ in try await door.purge() },
        ]
    }

    static let schedules = [Schedule("notifications-purge", purge, Empty(), .cron("30 3 * * *"))]
}
