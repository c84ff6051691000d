import Crypto
import Service
import Values

/// Settings of our bots.
package enum TelegramSettings {
    /// Those that there may be; each lives once it has a token.
    package static let names = ["condo", "urgent"]

    package static let url = Setting<String>(
        "TELEGRAM_API_URL", "telegram.url", default: "https://api.telegram.org", .webAddress,
        meaning: "Where Telegram's Bot API is.")
    package static let maxAge = Setting<Int>(
        "INIT_DATA_MAX_AGE", "telegram.maxAge", default: 86_400, .range(60...604_800),
        meaning: "For how many seconds what Telegram gives a Mini App or a page at sign-in proves who somebody is.")
    package static let validation = Setting<InitDataProof>(
        "INIT_DATA_VALIDATION", "telegram.validation", default: .hmac,
        meaning: "By what it is proved: the bot's token, Telegram's own signature, or both.")
    package static let publicKey = Setting<String?>(
        "TELEGRAM_ED25519_PUBLIC_KEY", "telegram.publicKey", default: nil, .ed25519Key,
        meaning: "Telegram's public key as 64 hexadecimal digits; its production key unless set.")

    package struct Bot: Sendable {
        package let name: String
        package let token: Setting<String?>
        package let username: Setting<String?>
        package let webhookSecret: Setting<String?>
        package let webhookURL: Setting<String?>

        init(_ name: String) {
            let (upper, title) = (name.uppercased(), name.prefix(1).uppercased() + name.dropFirst())
            let token = Setting<String?>(
                "TELEGRAM_\(upper)_BOT_TOKEN", "telegram.token\(title)", default: nil, .botToken, secret: true,
                meaning: "Token of the bot \(name); without it there is no such bot.")
            self.name = name
            self.token = token
            username = Setting(
                "TELEGRAM_\(upper)_BOT_USERNAME", "telegram.username\(title)", default: nil, .botUsername,
                meaning: "Its name at Telegram without the @, to which links lead."
            ) { value, settings in
                value != nil && settings[token] == nil ? "is set, and TELEGRAM_\(upper)_BOT_TOKEN is not" : nil
            }
            webhookSecret = Setting(
                "TELEGRAM_\(upper)_WEBHOOK_SECRET", "telegram.webhookSecret\(title)", default: nil, .webhookSecret,
                secret: true, meaning: "By what the updates that Telegram brings for it prove themselves.")
            let secret = webhookSecret
            webhookURL = Setting(
                "TELEGRAM_\(upper)_WEBHOOK_URL", "telegram.webhookURL\(title)", default: nil, .webAddress,
                meaning: "Where Telegram is told at the start to bring its updates; without it Telegram is told nothing."
            ) { value, settings in
                value != nil && settings[secret] == nil ? "is set, and TELEGRAM_\(upper)_WEBHOOK_SECRET is not" : nil
            }
        }
    }

    package static let bots = names.map { Bot($0) }

    package static let rows: [any SettingRow] =
        [url, maxAge, validation, publicKey] + bots.flatMap { [$0.token, $0.username, $0.webhookSecret, $0.webhookURL] as [any SettingRow] }
}

extension InitDataProof: SettingValue {
    package static var expectation: String { "hmac, ed25519 or both" }
    package init?(setting text: String) { self.init(rawValue: text) }
    package var settingText: String { rawValue }
}

extension SettingCheck where Value == String? {
    /// Digits, a colon, and a secret, as BotFather writes it.
    fileprivate static var botToken: SettingCheck {
        check("expected the bot's token as BotFather gave it") { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 2 && Int64(parts[0]) != nil && (20...100).contains(parts[1].utf8.count)
                && parts[1].utf8.allSatisfy(isWord)
        }
    }

    fileprivate static var botUsername: SettingCheck {
        check("expected the bot's name without the @") { (5...32).contains($0.utf8.count) && $0.utf8.allSatisfy(isWord) }
    }

    fileprivate static var webhookSecret: SettingCheck {
        check("expected 32 to 256 letters, digits, _ and -") { (32...256).contains($0.utf8.count) && $0.utf8.allSatisfy(isWord) }
    }

    fileprivate static var ed25519Key: SettingCheck {
        check("expected 64 hexadecimal digits") { Hex.decode($0).flatMap { Ed25519PublicKey($0) } != nil }
    }

    private static func check(_ reason: String, _ holds: @escaping @Sendable (String) -> Bool) -> SettingCheck {
        SettingCheck { $0.map(holds) == false ? reason : nil }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
