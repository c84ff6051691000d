import Service
import Values

/// Settings of short messages.
package enum SMSSettings {
    package static let twilioAccount = Setting<String?>(
        "TWILIO_ACCOUNT_SID", "sms.twilioAccount", default: nil, changeable: .sms, meaning: "Account at Twilio, which sends to any country.",
        conflict: incomplete)
    package static let twilioToken = Setting<String?>(
        "TWILIO_AUTH_TOKEN", "sms.twilioToken", default: nil, secret: true, changeable: .sms,
        meaning: "Its token, which also proves Twilio's callbacks.", conflict: incomplete)
    package static let twilioNumber = Setting<String?>(
        "TWILIO_PHONE_NUMBER", "sms.twilioNumber", default: nil, changeable: .sms, meaning: "The number that messages come from.",
        conflict: incomplete)
    package static let twilioURL = Setting<String>(
        "TWILIO_API_URL", "sms.twilioURL", default: "https://api.twilio.com", .webAddress, meaning: "Where Twilio's API is.")
    package static let msg91Key = Setting<String?>(
        "MSG91_AUTH_KEY", "sms.msg91Key", default: nil, secret: true,
        meaning: "Key of MSG91, which sends registered texts to India."
    ) { key, settings in
        key != nil && settings[dltEntity] == nil ? "is set, and DLT_ENTITY_ID is not" : nil
    }
    package static let msg91Sender = Setting<String>(
        "MSG91_SENDER_ID", "sms.msg91Sender", default: "STDYSP", .notEmpty, meaning: "The registered header that messages come from.")
    package static let msg91Webhook = Setting<String?>(
        "MSG91_WEBHOOK_SECRET", "sms.msg91Webhook", default: nil, .length(atLeast: 16), secret: true,
        meaning: "Last part of the address that MSG91 sends its reports to; without it none is taken.")
    package static let msg91URL = Setting<String>(
        "MSG91_API_URL", "sms.msg91URL", default: "https://api.msg91.com", .webAddress, meaning: "Where MSG91's API is.")
    package static let dltEntity = Setting<String?>(
        "DLT_ENTITY_ID", "sms.dltEntity", default: nil, meaning: "Our entity in the operators' ledger of India.")

    package static let perHour = Setting<Int>(
        "SMS_RATE_LIMIT_PER_HOUR", "sms.perHour", default: SendingQuota.sms.perHour, .range(1...1_000_000), changeable: .sms,
        meaning: "How many short messages leave in an hour; others wait for the next, but codes.")
    package static let perMonth = Setting<Int?>(
        "SMS_MONTHLY_QUOTA", "sms.perMonth", default: nil, .range(1...100_000_000), changeable: .sms,
        meaning: "How many short messages leave in a month (UTC); others fail, but codes. Left out: as many as there are.")

    private static func template(_ name: String, _ key: String, _ text: DLTTemplate) -> Setting<String?> {
        Setting(
            "DLT_TEMPLATE_\(name)_ID", "sms.template\(key)", default: nil,
            meaning: "Id under which the text \(text.rawValue) is registered there; without it that text is not sent.")
    }

    static let templates: [(DLTTemplate, Setting<String?>)] = [
        (.otp, template("OTP", "OTP", .otp)), (.welcome, template("WELCOME", "Welcome", .welcome)),
        (.paymentSuccess, template("PAYMENT_SUCCESS", "PaymentSuccess", .paymentSuccess)),
        (.paymentReminder, template("PAYMENT_REMINDER", "PaymentReminder", .paymentReminder)),
        (.bookingConfirmed, template("BOOKING", "Booking", .bookingConfirmed)),
        (.subscriptionExpiry, template("EXPIRY", "Expiry", .subscriptionExpiry)),
    ]

    package static let rows: [any SettingRow] =
        [twilioAccount, twilioToken, twilioNumber, twilioURL, msg91Key, msg91Sender, msg91Webhook, msg91URL, dltEntity, perHour, perMonth]
        + templates.map(\.1)

    @Sendable private static func incomplete(_ value: String?, _ settings: Settings) -> String? {
        let values = [settings[twilioAccount], settings[twilioToken], settings[twilioNumber]]
        let isWhole = values.allSatisfy { $0 != nil } || values.allSatisfy { $0 == nil }
        return value == nil && !isWhole ? "is missing: TWILIO_ACCOUNT_SID, _AUTH_TOKEN and _PHONE_NUMBER belong together" : nil
    }
}

extension SMSProviders {
    /// The providers that have credentials, MSG91 first; where there is none the sandbox takes their place, in production
    /// nobody.
    package init(_ settings: Settings, through parts: OutsideParts) {
        var all: [any SMSProvider] = []
        if let key = settings[SMSSettings.msg91Key] {
            let registered = SMSSettings.templates.compactMap { template, setting in settings[setting].map { (template, $0) } }
            all.append(
                MSG91Provider(
                    base: settings[SMSSettings.msg91URL], key: key, sender: settings[SMSSettings.msg91Sender],
                    templates: Dictionary(uniqueKeysWithValues: registered), through: parts))
        }
        if let account = settings[SMSSettings.twilioAccount], let token = settings[SMSSettings.twilioToken],
            let number = settings[SMSSettings.twilioNumber]
        {
            all.append(
                TwilioProvider(
                    base: settings[SMSSettings.twilioURL], account: account, token: token, sender: number,
                    callback: SMSWebhooks.twilioAddress(PublicAddresses(settings).server), through: parts))
        }
        if all.isEmpty, settings[GeneralSettings.environment] != .production { all.append(SandboxSMS()) }
        self.init(all)
    }
}
