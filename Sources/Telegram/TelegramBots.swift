import Crypto
import Service
import Values

/// The bots that there are.
package struct TelegramBots: Sendable {
    package let all: [TelegramBot]

    package init(_ all: [TelegramBot]) { self.all = all }

    package static let none = TelegramBots([])

    /// Nil where that bot has no token.
    package subscript(name: String) -> TelegramBot? { all.first { $0.name == name } }
}

extension TelegramBots {
    /// Those that have a token.
    package init(_ settings: Settings, through parts: OutsideParts) {
        // Telegram leaves nobody alone because one of our bots is refused: they share the breaker of the service.
        let service = OutsideService(
            "telegram", client: parts.client, timeLimit: .seconds(10), clock: parts.clock, metrics: parts.metrics)
        let key = settings[TelegramSettings.publicKey].flatMap { Hex.decode($0) }.flatMap { Ed25519PublicKey($0) }
        self.init(
            TelegramSettings.bots.compactMap { bot in
                settings[bot.token].map { token in
                    TelegramBot(
                        name: bot.name, token: token, username: settings[bot.username],
                        webhookSecret: settings[bot.webhookSecret], base: settings[TelegramSettings.url],
                        proof: settings[TelegramSettings.validation], telegram: key ?? .telegram,
                        life: .seconds(settings[TelegramSettings.maxAge]), service: service, clock: parts.clock)
                }
            })
    }
}
