import HTTP
import Telegram
import Values

/// Who writes to people at Telegram.
package enum TelegramChannel: Sendable {
    /// Takes every message and sends none. Not for production.
    case sandbox
    case bots(TelegramBots)

    package static let nobody = TelegramChannel.bots(.none)

    /// The bots that write.
    var names: [String] {
        switch self {
        case .sandbox: TelegramSettings.names
        case .bots(let bots): bots.all.map(\.name)
        }
    }

    var isSandbox: Bool { if case .sandbox = self { true } else { false } }

    /// Returns Telegram's id of the message. Throws `DeliveryFailure`, `TelegramFailure.busy` and `.blocked`.
    func send(_ text: String, button: TelegramButton?, to chat: TelegramChat) async throws -> String? {
        guard case .bots(let bots) = self else { return nil }
        guard let bot = bots[chat.bot] else { throw DeliveryFailure.refused("there is no bot \(chat.bot)") }
        do { return try await bot.send(text, button: button, to: chat.person) } catch let failure as TelegramFailure {
            switch failure {
            case .busy, .blocked: throw failure
            case .failing: throw DeliveryFailure.later("\(failure)")
            case .refused: throw DeliveryFailure.refused("\(failure)")
            }
        } catch let error as ClientError {
            throw error.mayHaveBeenSent ? DeliveryFailure.unknown("Telegram: \(error)") : .later("Telegram: \(error)")
        }
    }
}

/// A person's chat with a bot, as a message's recipient: `condo:279058397`.
struct TelegramChat: Hashable, Sendable {
    let bot: String
    let person: Int64

    var recipient: String { "\(bot):\(person)" }

    init(bot: String, person: Int64) {
        self.bot = bot
        self.person = person
    }

    init?(recipient: String) {
        let parts = recipient.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let person = Int64(parts[1]) else { return nil }
        self.init(bot: String(parts[0]), person: person)
    }
}
