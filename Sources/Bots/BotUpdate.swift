import JSON
import Telegram
import Values

/// Something that Telegram tells a bot.
struct BotUpdate {
    /// Telegram's own number; a repeated update has the same.
    let id: Int
    let content: Content

    enum Content: Equatable {
        /// Asks before a payment, or tells of one: for Payments.
        case payment
        /// Somebody has written to the bot, in a chat with it alone.
        case message(TelegramPerson, BotCommand?)
        /// The bot may write to somebody, or not any more.
        case chat(TelegramPerson, isOpen: Bool)
        /// Of no interest here: groups, channels, edited messages.
        case other
    }

    /// The kinds that are asked for (`allowed_updates`).
    static let kinds = ["message", "pre_checkout_query", "my_chat_member"]

    /// Nil for what is no update.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue.decode(json: bytes), let id = json["update_id"]?.int else { return nil }
        self.id = id
        content = Self.content(of: json)
    }

    private static func content(of json: JSONValue) -> Content {
        if json["pre_checkout_query"] != nil { return .payment }
        if let message = json["message"] {
            if message["successful_payment"] != nil || message["refunded_payment"] != nil { return .payment }
            guard isPrivate(message), let person = message["from"].flatMap(TelegramPerson.init(json:)) else { return .other }
            return .message(person, message["text"]?.string.flatMap(BotCommand.init(text:)))
        }
        if let member = json["my_chat_member"] {
            guard isPrivate(member), let person = member["from"].flatMap(TelegramPerson.init(json:)) else { return .other }
            switch member["new_chat_member"]?["status"]?.string {
            case "member": return .chat(person, isOpen: true)
            case "kicked": return .chat(person, isOpen: false)
            default: return .other
            }
        }
        return .other
    }

    private static func isPrivate(_ part: JSONValue) -> Bool { part["chat"]?["type"]?.string == "private" }
}

/// What somebody asks a bot: `/start link_abc`.
struct BotCommand: Equatable {
    /// Lower case, without the slash.
    let name: String
    /// What stands behind it; nil for nothing.
    let parameter: String?

    init(_ name: String, _ parameter: String? = nil) {
        self.name = name
        self.parameter = parameter
    }

    /// Nil for a text that is no command. A bot's own name may stand behind the command: `/help@our_bot`.
    init?(text: String) {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let first = words.first, first.hasPrefix("/"), first.utf8.count > 1 else { return nil }
        let parameter = words.count == 2 ? words[1].trimmed : ""
        self.init(
            String(first.dropFirst().prefix { $0 != "@" }).lowercased(), parameter.isEmpty ? nil : String(parameter.prefix(64)))
    }
}

extension String {
    fileprivate var trimmed: String {
        String(Substring(self).drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
