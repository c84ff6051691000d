import JSON
import Notifications
import Service
import Values

/// Trying what the settings say of a provider.
struct TrialOperations {
    let notifications: Notifications

    /// Of mails and short messages, an hour.
    private static let limit = RateLimit("settings-trials", 10, perSeconds: 3600)

    var all: [Operation] {
        [
            Operation.post(
                "/api/v1/admin/settings/email/test", "testEmailSettings", "Send a mail by the provider that is set up",
                tag: SettingsTag.name, who: .permission("settings:manage"), body: MailTrial.self,
                answer: SettingsTest.self, status: 200
            ) { [notifications] call, body in
                try call.caller.requirePlatform("settings:manage")
                do {
                    try await notifications.tryProvider(to: body.to)
                    return SettingsTest(success: true, message: "The provider has taken a mail to \(body.to).")
                } catch {
                    return SettingsTest(success: false, message: String("\(error)".prefix(500)))
                }
            }.askingOutside().limited(Self.limit),
            Operation.post(
                "/api/v1/admin/settings/sms/test", "testSmsSettings", "Send a short message by the provider that is set up",
                tag: SettingsTag.name, who: .permission("settings:manage"), body: ShortTrial.self,
                answer: SettingsTest.self, status: 200
            ) { [notifications] call, body in
                try call.caller.requirePlatform("settings:manage")
                guard let phone = PhoneNumber(body.to) else { throw HouseProblem.invalidInput.on("to") }
                do {
                    try await notifications.tryShort(to: phone)
                    return SettingsTest(success: true, message: "The provider has taken a message to \(phone.text).")
                } catch {
                    return SettingsTest(success: false, message: String("\(error)".prefix(500)))
                }
            }.askingOutside().limited(Self.limit),
        ]
    }
}

/// To which number.
struct ShortTrial: Shaped {
    let to: String

    static let shape = Shape("ShortTrial", Self.init, Field("to", { $0.to }, .phone))
}

/// To whom.
struct MailTrial: Shaped {
    let to: String

    static let shape = Shape("MailTrial", Self.init, Field("to", { $0.to }, .email, .length(...254)))
}
