import Crypto
import Identity
import Notifications
import Payments
import Postgres
import Service
import Telegram
import Values

/// The door of bots: takes what Telegram tells them.
package struct Bots: Sendable {
    let database: Database
    let bots: TelegramBots
    let accounts: TelegramAccounts
    let notifications: Notifications
    /// Nil where no bot takes Stars.
    let stars: StarsDesk?
    let voices: [String: BotVoice]

    /// - Parameters:
    ///   - accounts: learns of people who begin to speak to a bot.
    ///   - stars: gets what has to do with payments.
    ///   - voices: of products, one for a bot.
    package init(
        database: Database, bots: TelegramBots, accounts: TelegramAccounts, notifications: Notifications, stars: StarsDesk?,
        voices: [BotVoice]
    ) {
        self.database = database
        self.bots = bots
        self.accounts = accounts
        self.notifications = notifications
        self.stars = stars
        self.voices = Dictionary(voices.map { ($0.bot, $0) }) { _, _ in preconditionFailure("two products speak by one bot") }
    }

    /// The bot of that name, when it is set up to hear of updates.
    package func listening(_ name: String) -> TelegramBot? { bots[name].flatMap { $0.webhookSecret == nil ? nil : $0 } }

    /// Whether an update is Telegram's, by `X-Telegram-Bot-Api-Secret-Token`; compared in constant time.
    package func vouches(_ secret: String?, for bot: TelegramBot) -> Bool {
        guard let known = bot.webhookSecret, let secret else { return false }
        return ConstantTime.equal(secret, known)
    }

    /// Takes an update that is known to come from Telegram, once, however often it is brought. Throws `malformed` for what is
    /// none, and `OutsideFailure` when Telegram could not be answered before a payment: then it is to be brought again.
    package func take(_ bytes: [UInt8], of bot: TelegramBot) async throws {
        guard let update = BotUpdate(bytes) else { throw HouseProblem.malformed.problem }
        if update.content == .payment {
            _ = try await stars?.take(bytes, of: bot)
            return
        }
        if update.content == .other { return }
        try await database.transaction { _ in
            let key = "\(bot.name):\(update.id)"
            guard try await notifications.hearsFirst(key, from: "telegram") else { return }
            try await carryOut(update, of: bot, answering: "telegram-update:\(key)")
        }
    }

    private func carryOut(_ update: BotUpdate, of bot: TelegramBot, answering key: String) async throws {
        switch update.content {
        case .payment, .other: break
        case .chat(let person, let isOpen):
            if isOpen {
                try await open(person, bot, nil)
            } else {
                try await notifications.blockTelegramChat(bot: bot.name, person: person.id)
            }
        case .message(let person, let command):
            guard var answer = try await answer(to: command, of: person, by: bot) else { return }
            answer.dedupeKey = key
            try await notifications.reply(answer, to: person.id, by: bot.name)
        }
    }

    /// Nil for what needs none. Whoever speaks to a bot may be written to by it.
    private func answer(to command: BotCommand?, of person: TelegramPerson, by bot: TelegramBot) async throws -> Notice? {
        let words = BotWords(
            voice: voices[bot.name] ?? .silent(bot.name), username: bot.username, language: person.language)
        if command?.name == "start" {
            do {
                let isLinked = try await open(person, bot, command?.parameter)
                return isLinked ? words.linked : words.greeting(command?.parameter)
            } catch let kind as any ProblemKind where kind.status < 500 {
                return words.refused(kind.problem)
            } catch let problem as Problem where problem.status < 500 {
                return words.refused(problem)
            }
        }
        try await open(person, bot, nil)
        switch command?.name {
        case "paysupport": return words.paymentSupport
        case "help": return words.help
        default: return nil
        }
    }

    /// - Returns: whether the parameter has linked the person to an account.
    @discardableResult
    private func open(_ person: TelegramPerson, _ bot: TelegramBot, _ parameter: String?) async throws -> Bool {
        try await accounts.begin(person, by: bot.name, parameter: parameter) != nil
    }
}
