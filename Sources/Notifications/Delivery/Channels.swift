/// What takes messages out of the process, a provider for each channel. Where there is none the channel's messages fail and
/// say so.
package struct Channels: Sendable {
    package var email: (any EmailProvider)?
    package var sms: SMSProviders
    package var push: PushProviders
    package var telegram: TelegramChannel
    /// How much leaves by mail and as short messages.
    package var emailQuota = SendingQuota.email
    package var smsQuota = SendingQuota.sms

    package init(
        email: (any EmailProvider)? = nil, sms: SMSProviders = SMSProviders([]), push: PushProviders = .nobody,
        telegram: TelegramChannel = .nobody
    ) {
        self.telegram = telegram
        self.push = push
        self.email = email
        self.sms = sms
    }

    /// Nothing leaves the process; everything is in the outbox.
    package static let sandbox = Channels(email: SandboxEmail(), sms: SMSProviders([SandboxSMS()]), push: .sandbox, telegram: .sandbox)

    /// Nil for a channel without one.
    func quota(of type: NotificationType) -> SendingQuota? {
        switch type {
        case .email: emailQuota
        case .sms: smsQuota
        case .inApp, .push, .telegram, .whatsapp: nil
        }
    }

    /// The channels whose messages the outbox shows.
    var sandboxed: [NotificationType] {
        var types: [NotificationType] = []
        if email?.isSandbox == true { types.append(.email) }
        if sms.isSandbox { types.append(.sms) }
        if push.isSandbox { types.append(.push) }
        if telegram.isSandbox { types.append(.telegram) }
        return types
    }
}
