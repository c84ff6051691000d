import Crypto
import Service
import Values

/// Settings of the providers of messages. What has no credentials is the sandbox's, which is read in the outbox; in
/// production it fails and says so.
package enum NotificationSettings {
    package static let sendGridKey = Setting<String?>(
        "SENDGRID_API_KEY", "notifications.sendGridKey", default: nil, secret: true, changeable: .email,
        meaning: "Key of SendGrid's API; mails go out by it.", conflict: senderMissing)
    package static let fromEmail = Setting<String?>(
        "SENDGRID_FROM_EMAIL", "notifications.fromEmail", default: nil, .emailAddress, changeable: .email,
        meaning: "Address that mails come from, by whichever way.")
    package static let fromName = Setting<String>(
        "SENDGRID_FROM_NAME", "notifications.fromName", default: "", changeable: .email,
        meaning: "Name that readers see beside that address.")
    package static let sendGridWebhookKey = Setting<String?>(
        "SENDGRID_WEBHOOK_PUBLIC_KEY", "notifications.sendGridWebhookKey", default: nil, .publicKey,
        meaning: "Public key of SendGrid's signed event webhook, in base 64; without it no event is taken.")
    package static let sendGridURL = Setting<String>(
        "SENDGRID_API_URL", "notifications.sendGridURL", default: "https://api.sendgrid.com", .webAddress,
        meaning: "Where SendGrid's API is.")
    package static let perHour = Setting<Int>(
        "EMAIL_RATE_LIMIT_PER_HOUR", "notifications.perHour", default: SendingQuota.email.perHour, .range(1...1_000_000),
        changeable: .email, meaning: "How many mails leave in an hour; others wait for the next, but codes.")
    package static let perMonth = Setting<Int?>(
        "EMAIL_MONTHLY_QUOTA", "notifications.perMonth", default: nil, .range(1...100_000_000), changeable: .email,
        meaning: "How many mails leave in a month (UTC); others fail, but codes. Left out: as many as there are.")
    package static let smtpHost = Setting<String?>(
        "SMTP_HOST", "notifications.smtpHost", default: nil,
        meaning: "Mail server that takes our mails where SENDGRID_API_KEY is not set.", conflict: senderMissing)
    package static let smtpPort = Setting<Int>(
        "SMTP_PORT", "notifications.smtpPort", default: 587, .range(1...65535),
        meaning: "Its port: TLS from the first byte on 465, STARTTLS on any other.")
    package static let smtpUser = Setting<String?>(
        "SMTP_USER", "notifications.smtpUser", default: nil, meaning: "Account on the mail server; left out: nobody signs in.")
    package static let smtpPassword = Setting<String?>(
        "SMTP_PASSWORD", "notifications.smtpPassword", default: nil, secret: true, meaning: "Password of SMTP_USER."
    ) { password, settings in
        (password == nil) == (settings[smtpUser] == nil) ? nil : "is set without SMTP_USER, or SMTP_USER without it"
    }
    package static let smtpProtection = Setting<SMTPServer.Protection>(
        "SMTP_TLS", "notifications.smtpProtection", default: .required,
        meaning: "Whether mail leaves under TLS alone, or in clear, for a server on this machine that wants no password."
    ) { protection, settings in
        guard protection == .none, settings[smtpUser] != nil else { return nil }
        return "is none, and SMTP_PASSWORD would go in clear"
    }

    package static let rows: [any SettingRow] = [
        sendGridKey, fromEmail, fromName, sendGridWebhookKey, sendGridURL, smtpHost, smtpPort, smtpUser, smtpPassword,
        smtpProtection, perHour, perMonth,
    ]

    @Sendable private static func senderMissing(_ value: String?, _ settings: Settings) -> String? {
        value != nil && settings[fromEmail] == nil ? "is set, and SENDGRID_FROM_EMAIL is not" : nil
    }
}

extension SettingCheck where Value == String? {
    fileprivate static var emailAddress: SettingCheck {
        SettingCheck { text in
            guard let text, EmailAddress(text) == nil else { return nil }
            return "expected an e-mail address"
        }
    }

    fileprivate static var publicKey: SettingCheck {
        SettingCheck { text in
            guard let text, SendGridEvents(key: text) == nil else { return nil }
            return "is no public key on P-256 in base 64"
        }
    }
}
