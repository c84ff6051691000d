import HTTP
import Service
import Telegram
import Telemetry
import Values

extension Channels {
    /// The providers that have credentials. Of a channel that has none the sandbox takes its place, in production nobody.
    package init(
        _ settings: Settings, bots: TelegramBots, streams: StreamClient, through parts: OutsideParts
    ) {
        let isProduction = settings[GeneralSettings.environment] == .production
        email = Self.email(settings, parts.client, streams, parts.metrics) ?? (isProduction ? nil : SandboxEmail())
        sms = SMSProviders(settings, through: parts)
        push = PushProviders(settings, through: parts)
        emailQuota = SendingQuota(
            perHour: settings[NotificationSettings.perHour], perMonth: settings[NotificationSettings.perMonth])
        smsQuota = SendingQuota(perHour: settings[SMSSettings.perHour], perMonth: settings[SMSSettings.perMonth])
        telegram = bots.all.isEmpty && !isProduction ? .sandbox : .bots(bots)
    }

    private static func email(
        _ settings: Settings, _ client: HTTPClient, _ streams: StreamClient, _ metrics: MetricRegistry?
    ) -> (any EmailProvider)? {
        guard let address = settings[NotificationSettings.fromEmail].flatMap({ EmailAddress($0) }) else { return nil }
        let sender = MailSender(address, name: settings[NotificationSettings.fromName])
        if let key = settings[NotificationSettings.sendGridKey] {
            return SendGridProvider(
                OutsideService("sendgrid", client: client, metrics: metrics),
                base: settings[NotificationSettings.sendGridURL], key: key, sender: sender)
        }
        guard let host = settings[NotificationSettings.smtpHost] else { return nil }
        var credentials: SMTPServer.Credentials?
        if let user = settings[NotificationSettings.smtpUser], let password = settings[NotificationSettings.smtpPassword] {
            credentials = SMTPServer.Credentials(user: user, password: password)
        }
        let server = SMTPServer(
            host: host, port: UInt16(settings[NotificationSettings.smtpPort]),
            protection: settings[NotificationSettings.smtpProtection], credentials: credentials)
        return SMTPProvider(
            server, sender: sender, service: OutsideService("smtp", client: client, metrics: metrics), client: streams)
    }
}

extension SendGridEvents {
    /// Nil where SendGrid tells nothing.
    package init?(_ settings: Settings) {
        guard let key = settings[NotificationSettings.sendGridWebhookKey] else { return nil }
        self.init(key: key)
    }
}
