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

    /// A person who has spoken to bots before he had an account has one now: his chats are its.
    package func adoptTelegramChats(of person: Int64, by user: UUID) async throws {
        try await database.execute(TelegramChatQueries.adopt(person, by: user))
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
        let bots = channels.telegram.names.filter { notice.bot == nil || notice.bot == $0 }
        guard !bots.isEmpty, let chat = try await database.first(TelegramChatQueries.newest(of: user, bots)) else { return false }
        let message = NewMessage(
            type: .telegram, userID: user, recipient: chat.recipient, notice: notice, metadata: Self.metadata(of: notice))
        _ = try await add(message, in: group, from: instant)
        return true
    }

    /// A bot answers somebody who has just spoken to it, and who need not have an account. Under one key it answers once. In
    /// the transaction of what he has said.
    package func reply(_ notice: Notice, to person: Int64, by bot: String) async throws {
        let message = NewMessage(
            type: .telegram, recipient: TelegramChat(bot: bot, person: person).recipient, notice: notice,
            metadata: Self.metadata(of: notice))
        _ = try await add(message, from: nil)
    }

    private static func metadata(of notice: Notice) -> [String: String] { notice.actionTitle.map { ["button": $0] } ?? [:] }

    /// Hands a pending message to the bot of its chat. Whoever has blocked the bot is asked no more.
    func handTelegram(_ record: NotificationRecord) async throws -> String? {
        guard let chat = TelegramChat(recipient: record.recipient) else { throw DeliveryFailure.refused("this is no chat") }
        if try await database.first(TelegramChatQueries.isBlocked(chat)) == true {
            throw DeliveryFailure.refused("\(TelegramFailure.blocked)")
        }
        do {
            return try await channels.telegram.send(try words(of: record), button: record.button, to: chat)
        } catch TelegramFailure.blocked {
            try await database.execute(TelegramChatQueries.block(chat, at: clock.now()))
            throw DeliveryFailure.refused("\(TelegramFailure.blocked)")
        }
    }

    /// Subject, text and link, one below the other; without the link where a button leads there.
    private func words(of record: NotificationRecord) throws -> String {
        let link = record.button == nil ? record.actionURL : nil
        let parts = [record.subject ?? "", try text(of: record), link ?? ""]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

extension NotificationRecord {
    fileprivate var button: TelegramButton? {
        actionURL.flatMap { url in buttonTitle.map { TelegramButton($0, url) } }
    }
}
