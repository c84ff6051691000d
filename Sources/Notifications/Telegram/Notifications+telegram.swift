import Postgres
import Service
import Telegram
import Values

/// Chats of people with our bots, and messages there.
extension Notifications {
    /// The person lets a bot write to him: he has spoken to it, or allowed it in a Mini App. Ends that he had blocked it.
    ///
    /// - Parameter user: whose account it is, as far as that is proved.
    package func openTelegramChat(bot: String, person: Int64, of user: UUID? = nil) async throws {
        let chat = TelegramChat(bot: bot, person: person)
        try await database.execute(TelegramChatQueries.open(chat, of: user, at: clock.now()))
    }

    /// The person wants nothing of the bot any more.
    package func blockTelegramChat(bot: String, person: Int64) async throws {
        try await database.execute(TelegramChatQueries.block(TelegramChat(bot: bot, person: person), at: clock.now()))
    }

    /// Nothing is written to a user at Telegram any more.
    package func dropTelegramChats(of user: UUID) async throws {
        try await database.execute(TelegramChatQueries.drop(of: user))
    }

    /// Writes the row of a notice that goes to the chat a person opened last, and its job; false where he has none. In a
    /// transaction.
    @discardableResult
    func tell(_ notice: Notice, atTelegram user: UUID, in group: UUID, from instant: Instant?) async throws -> Bool {
        let bots = channels.telegram.names
        guard !bots.isEmpty, let chat = try await database.first(TelegramChatQueries.newest(of: user, bots)) else { return false }
        let message = NewMessage(type: .telegram, userID: user, recipient: chat.recipient, notice: notice)
        _ = try await add(message, in: group, from: instant)
        return true
    }

    /// Hands a pending message to the bot of its chat. Whoever has blocked the bot is asked no more.
    func handTelegram(_ record: NotificationRecord) async throws -> String? {
        guard let chat = TelegramChat(recipient: record.recipient) else { throw DeliveryFailure.refused("this is no chat") }
        if try await database.first(TelegramChatQueries.isBlocked(chat)) == true {
            throw DeliveryFailure.refused("\(TelegramFailure.blocked)")
        }
        do {
            return try await channels.telegram.send(try words(of: record), to: chat)
        } catch TelegramFailure.blocked {
            try await database.execute(TelegramChatQueries.block(chat, at: clock.now()))
            throw DeliveryFailure.refused("\(TelegramFailure.blocked)")
        }
    }

    /// Subject, text and link, one below the other.
    private func words(of record: NotificationRecord) throws -> String {
        let parts = [record.subject ?? "", try text(of: record), record.actionURL ?? ""]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
