import Service
import Values

/// Messages that staff and programs send.
struct MessageOperations {
    let door: Notifications

    var all: [Operation] { [email, sms, push] }

    private static let tag = "Notifications"
    static let limit = RateLimit("notification-sending", 60, perSeconds: 60)

    private var email: Operation {
        Operation.post(
            "/api/v1/notifications/email", "sendEmail", "Send a mail", tag: Self.tag, who: .permission("messaging:create"),
            problems: [
                HouseProblem.forbidden, NotificationProblem.addressMissing, NotificationProblem.recipientUnknown,
                NotificationProblem.variablesMismatch,
            ],
            body: EmailMessage.self, answer: AcceptedMessage.self, status: 202
        ) { [door] call, body in
            try call.caller.requirePlatform("messaging:create")
            return try await door.accept(body)
        }.limited(Self.limit).described(
            "Sent by a job. By a template it speaks the user's language; values are escaped in its HTML.")
    }

    private var sms: Operation {
        Operation.post(
            "/api/v1/notifications/sms", "sendSMS", "Send a short message", tag: Self.tag, who: .permission("messaging:create"),
            problems: [
                HouseProblem.forbidden, NotificationProblem.addressMissing, NotificationProblem.recipientUnknown,
                NotificationProblem.variablesMismatch, NotificationProblem.textTooLong,
            ],
            body: SMSMessage.self, answer: AcceptedMessage.self, status: 202
        ) { [door] call, body in
            try call.caller.requirePlatform("messaging:create")
            return try await door.accept(body)
        }.limited(Self.limit).described("Sent by a job. To India only registered texts arrive: /messaging/sms.")
    }

    private var push: Operation {
        Operation.post(
            "/api/v1/notifications/push", "sendPush", "Send a push message", tag: Self.tag, who: .permission("messaging:create"),
            problems: [HouseProblem.forbidden, NotificationProblem.addressMissing], body: PushMessage.self,
            answer: AcceptedMessage.self, status: 202
        ) { [door] call, body in
            try call.caller.requirePlatform("messaging:create")
            return try await door.accept(body)
        }.limited(Self.limit).described("Sent by a job for each device; the answer names the first.")
    }
}
