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
    static let sendSMS = JobKind<SendNotification>(
        "send-sms", queue: "notifications", priority: .high, attempts: 3, timeLimit: .seconds(60))
    /// The same work: codes count among the messages of a minute, wait for none, and are tried more often.
    static let sendCodeSMS = JobKind<SendNotification>(
        sendSMS.name, queue: sendSMS.queue, priority: .critical, timeLimit: sendSMS.timeLimit)
    static let sendPush = JobKind<SendNotification>("send-push", queue: "notifications", timeLimit: .seconds(60))
    static let sendTelegram = JobKind<SendNotification>("send-telegram", queue: "telegram", timeLimit: .seconds(60))
    static let sendBulk = JobKind<BroadcastPart>("send-bulk-email", queue: "notifications", priority: .low)
    static let sendDigest = JobKind<DigestWish>("send-weekly-digest", queue: "emails", priority: .low)
    static let runDigests = JobKind<Empty>("digest-run", queue: "maintenance", priority: .low)
    static let sendBatch = JobKind<BatchSender>("send-bulk-sms", queue: "bulk-messages", priority: .low, timeLimit: .seconds(120))
    static let collectReceipts = JobKind<Empty>("push-receipts", queue: "maintenance", priority: .low)
    static let settleUnheard = JobKind<Empty>("sms-status-poll", queue: "maintenance", priority: .low)
    static let expire = JobKind<Empty>("expire-notices", queue: "maintenance", priority: .low)
    static let purge = JobKind<Empty>("notifications-purge", queue: "maintenance", priority: .low)

    /// Whoever sends much does not hold up the others: they take turns, told apart by the fairness keys of their jobs.
    static func queues(perMinute: Int) -> [Queue] {
        [
            Queue("notifications", concurrency: 5, rate: .perMinute(perMinute), takesTurns: true),
            Queue("emails", concurrency: 10),
            // Each job sends five: twenty messages a second over all instances.
            // As many as Telegram lets a bot write, over all instances.
            Queue("telegram", concurrency: 10, rate: QueueRate(25, per: .seconds(1))),
            Queue("bulk-messages", concurrency: 4, rate: QueueRate(4, per: .seconds(1))),
        ]
    }

    /// What carries a message out.
    static func kind(of message: NewMessage) -> JobKind<SendNotification> {
        switch (message.type, message.notice.priority == .critical) {
        case (.sms, true): sendCodeSMS
        case (.email, true): sendCode
        case (let type, _): kind(of: type)
        }
    }

    static func kind(of type: NotificationType) -> JobKind<SendNotification> {
        switch type {
        case .sms: sendSMS
        case .push: sendPush
        case .telegram: sendTelegram
        case .inApp, .email, .whatsapp: sendEmail
        }
    }

    static func types(_ door: Notifications) -> [JobType] {
        [
            sending(sendEmail, door),
            sending(sendCode, door),
            sending(sendSMS, door),
            sending(sendPush, door),
            sending(sendTelegram, door),
            JobType(sendBulk) { part, _ in try await door.carryOut(part) },
            JobType(sendDigest) { wish, _ in try await door.sendDigest(wish) },
            JobType(runDigests) { _, _ in try await door.runDigests() },
            JobType(sendBatch) { sender, _ in try await door.sendBatch(sender) },
            JobType(collectReceipts) { _, _ in try await door.collectReceipts() },
            JobType(settleUnheard) { _, _ in
                try await door.askUnheard()
                try await door.settleUnheard()
                try await door.wakeBatches()
            },
            JobType(expire) { _, _ in try await door.expire() },
            JobType(purge) { _, _ in try await door.purge() },
        ]
    }

    private static func sending(_ kind: JobKind<SendNotification>, _ door: Notifications) -> JobType {
        JobType(kind) { payload, _ in
            try await door.deliver(payload.notificationID)
        } givenUp: { payload, reason in
            try await door.giveUp(payload.notificationID, because: reason)
        }
    }

    static let schedules = [
        Schedule("notifications-purge", purge, Empty(), .cron("30 3 * * *")),
        Schedule("expire-notices", expire, Empty(), .every(.seconds(60))),
        Schedule("digest-run", runDigests, Empty(), .cron("*/10 * * * *")),
        Schedule("push-receipts", collectReceipts, Empty(), .cron("*/5 * * * *")),
        Schedule("sms-status-poll", settleUnheard, Empty(), .cron("*/5 * * * *")),
    ]
}
