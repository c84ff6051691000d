import JSON
import Jobs
import Telegram

/// Telling Telegram where it brings a bot's updates.
enum BotJobs {
    static let setWebhook = JobKind<BotWebhook>(
        "set-bot-webhook", queue: "maintenance", priority: .high, attempts: 10, backOff: .seconds(10), timeLimit: .seconds(30))

    static func all(_ bots: Bots) -> [JobType] {
        [
            JobType(setWebhook) { wish, _ in
                // A bot that has lost its token since is nobody's any more.
                guard let bot = bots.listening(wish.bot) else { return }
                do { try await bot.bringUpdates(to: wish.url, BotUpdate.kinds) } catch TelegramFailure.busy(let wait) {
                    throw JobVerdict.snooze(wait)
                }
            }
        ]
    }
}

struct BotWebhook: Shaped {
    let bot: String
    let url: String

    static let shape = Shape<BotWebhook>("BotWebhook", Self.init, Field("bot", { $0.bot }), Field("url", { $0.url }))
}
