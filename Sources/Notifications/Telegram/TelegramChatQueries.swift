import Postgres
import Telegram
import Values

/// The SQL of chats with our bots.
enum TelegramChatQueries {
    /// The person lets the bot write. Whoever it is that he is known to be stays so, unless he is named. telegram_chats_pkey
    static func open(_ chat: TelegramChat, of user: UUID?, at now: Instant) -> Command {
        Command(
            """
            insert into notifications.telegram_chats as c (bot, telegram_id, user_id, opened_at)
            values (\(chat.bot), \(chat.person), \(user), \(now))
            on conflict (bot, telegram_id) do update
            set user_id = coalesce(excluded.user_id, c.user_id), opened_at = excluded.opened_at, blocked_at = null
            """)
    }

    /// Those that are nobody's; one for each bot at the most.
    static func adopt(_ person: Int64, by user: UUID) -> Command {
        Command(
            """
            update notifications.telegram_chats set user_id = \(user)
            where telegram_id = \(person) and bot = any(\(TelegramSettings.names)::text[]) and user_id is null
            """)
    }

    static func block(_ chat: TelegramChat, at now: Instant) -> Command {
        Command(
            """
            update notifications.telegram_chats set blocked_at = \(now)
            where bot = \(chat.bot) and telegram_id = \(chat.person) and blocked_at is null
            """)
    }

    /// Where a person is reached by one of these bots: the chat that he opened last. telegram_chats_user_idx
    static func newest(of user: UUID, _ bots: [String]) -> Statement<TelegramChat> {
        Statement(
            """
            select bot, telegram_id from notifications.telegram_chats
            where user_id = \(user) and bot = any(\(bots)::text[]) and blocked_at is null order by opened_at desc, bot limit 1
            """)
    }

    /// Whether the bot may write there still.
    static func isBlocked(_ chat: TelegramChat) -> Statement<Bool> {
        Statement(
            """
            select blocked_at is not null from notifications.telegram_chats
            where bot = \(chat.bot) and telegram_id = \(chat.person)
            """)
    }

    static func drop(of user: UUID) -> Command {
        Command("delete from notifications.telegram_chats where user_id = \(user)")
    }

    static var samples: [StatementSample] {
        let chat = TelegramChat(bot: "", person: 1)
        let instant = Instant(microseconds: 0)
        return [
            StatementSample("telegram: open", open(chat, of: nil, at: instant)),
            StatementSample("telegram: adopt", adopt(1, by: .zero)),
            StatementSample("telegram: block", block(chat, at: instant)),
            StatementSample("telegram: newest", newest(of: .zero, [])),
            StatementSample("telegram: blocked", isBlocked(chat)),
            StatementSample("telegram: drop", drop(of: .zero)),
        ]
    }
}

extension TelegramChat: Row {
    init(_ row: inout RowReader) throws {
        bot = try row.next()
        person = try row.next()
    }
}
