import JSON
import Postgres
import Support
import Telegram
import Testing
import Values

@testable import Bots
@testable import Identity

/// What bots are told, and what becomes of it.
@Suite struct BotUpdateTests {
    @Test(arguments: [
        ("urgent", nil as String?, 401), ("urgent", "", 401), ("urgent", "wrong-secret-0123456789-0123456789", 401),
        ("urgent", BotWorld.secret, 200), ("condo", BotWorld.secret, 404), ("nobody", BotWorld.secret, 404),
    ])
    func onlyTelegramIsHeard(_ bot: String, _ secret: String?, _ status: Int) async throws {
        try await withBot { stage in
            let answer = try await stage.hear(
                BotWorld.message("/start", id: 1), secret: secret, path: BotWorld.path.replacing("urgent", with: bot))
            #expect(answer.status == status, "\(answer.text)")
            if status == 200 { #expect(answer.text == #"{"ok":true}"#) }
            #expect(try await stage.count("select count(*) from notifications.telegram_chats") == (status == 200 ? 1 : 0))
        }
    }

    @Test(arguments: ["{", "[]", "{}", #"{"update_id":"x"}"#])
    func whatIsNoUpdateIsRefused(_ body: String) async throws {
        try await withBot { stage in
            let answer = try await stage.server.send(
                "POST", BotWorld.path, fields: ["X-Telegram-Bot-Api-Secret-Token": BotWorld.secret], raw: Array(body.utf8))
            #expect(answer.status == 400)
        }
    }

    /// However often Telegram brings it, at once too.
    @Test func anUpdateIsCarriedOutOnce() async throws {
        try await withBot { stage in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await stage.hear(BotWorld.message("/help", id: 9)).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 8))
            try await stage.work()
            #expect(stage.world.asked("sendMessage").count == 1)
        }
    }

    // MARK: Commands

    @Test(arguments: [
        ("/start", "Срочные услуги.", "https://t.me/urgent_bot?startapp"),
        ("/start order_Ab3_-xYz09Qw", "Срочные услуги.", "https://t.me/urgent_bot?startapp=order_Ab3_-xYz09Qw"),
        ("/start a&b=c", "Срочные услуги.", "https://t.me/urgent_bot?startapp"),
        ("/paysupport", "Вопросы о платежах и возвратах: https://t.me/support", nil),
        ("/help@urgent_bot", "Срочные услуги.\n\n/start\n/paysupport\n/help\n\nПоддержка: https://t.me/support", "https://t.me/urgent_bot?startapp"),
    ] as [(String, String, String?)])
    func commandsAreAnswered(_ command: String, _ text: String, _ link: String?) async throws {
        try await withBot { stage in
            #expect(try await stage.hear(BotWorld.message(command, id: 1)).status == 200)
            try await stage.work()
            let message = try #require(stage.world.asked("sendMessage").first)
            #expect(message["chat_id"] == 42 && message["text"]?.string == text, "\(message)")
            let button = message["reply_markup"]?["inline_keyboard"]?.array?.first?.array?.first
            #expect(button?["url"]?.string == link && button?["text"]?.string == (link == nil ? nil : "Открыть"))
            #expect(message["parse_mode"] == nil && message["link_preview_options"]?["is_disabled"] == true)
        }
    }

    @Test func whoSpeaksAnotherLanguageIsAnsweredInEnglish() async throws {
        try await withBot { stage in
            try await stage.hear(BotWorld.message("/start", id: 1, from: BotWorld.person(language: "de")))
            try await stage.work()
            #expect(stage.world.asked("sendMessage").first?["text"]?.string == "Urgent services.")
        }
    }

    @Test func aBotThatNobodySpeaksForAnswersToo() async throws {
        try await withBot(voice: nil) { stage in
            try await stage.hear(BotWorld.message("/start", id: 1))
            try await stage.hear(BotWorld.message("/paysupport", id: 2))
            try await stage.work()
            let messages = stage.world.asked("sendMessage")
            #expect(messages.count == 2 && messages.allSatisfy { $0["reply_markup"] == nil })
        }
    }

    @Test func otherWordsAndGroupsGetNoAnswer() async throws {
        try await withBot { stage in
            for (id, update) in [
                BotWorld.message("Здравствуйте", id: 1), BotWorld.message("/start", id: 2, chat: "group"),
                ["update_id": 3, "edited_message": ["text": "/start"]], BotWorld.message("/unknown", id: 4),
            ].enumerated() {
                #expect(try await stage.hear(update).status == 200, "\(id)")
            }
            try await stage.work()
            #expect(stage.world.service.seen.isEmpty)
            #expect(try await stage.count("select count(*) from notifications.telegram_chats") == 1, "who speaks may be written to")
        }
    }

    // MARK: Accounts and chats

    @Test func aLinkConnectsAnAccountOnce() async throws {
        try await withBot { stage in
            let (ann, parameter) = try await stage.link(of: "ann@example.com")
            try await stage.hear(BotWorld.message("/start \(parameter)", id: 1))
            try await stage.hear(BotWorld.message("/start \(parameter)", id: 1))
            try await stage.hear(BotWorld.message("/start \(parameter)", id: 2))
            try await stage.work()
            #expect(
                try await stage.count(
                    "select count(*) from identity.identities where kind = 'telegram' and subject = '42' and user_id = \(ann)") == 1)
            #expect(
                try await stage.count("select count(*) from notifications.telegram_chats where user_id = \(ann)") == 1)
            let texts = stage.world.asked("sendMessage").compactMap { $0["text"]?.string }
            // At the chat's pace either may leave first.
            #expect(texts.count == 2 && texts.contains { $0.hasPrefix("Ваш аккаунт подключён") }, "\(texts)")
            #expect(texts.contains { $0.hasPrefix("Ссылка не действует") })
        }
    }

    /// Whoever presses Start before he opens the app is written to all the same.
    @Test func aChatBelongsToTheAccountThatComesLater() async throws {
        try await withBot { stage in
            try await stage.hear(BotWorld.message("/start", id: 1))
            #expect(try await stage.count("select count(*) from notifications.telegram_chats where user_id is null") == 1)
            let user = try await stage.identity.telegram.account(
                of: TelegramPerson(id: 42, firstName: "Вера"), by: "urgent", from: Origin(address: "", client: "test"))
            #expect(
                try await stage.count("select count(*) from notifications.telegram_chats where user_id = \(user.id)") == 1)
        }
    }

    @Test func whatBelongsToAnotherAccountStaysThere() async throws {
        try await withBot { stage in
            let first = try await stage.link(of: "ann@example.com")
            let second = try await stage.link(of: "bob@example.com")
            try await stage.hear(BotWorld.message("/start \(first.parameter)", id: 1))
            try await stage.hear(BotWorld.message("/start \(second.parameter)", id: 2))
            try await stage.work()
            let texts = stage.world.asked("sendMessage").compactMap { $0["text"]?.string }
            #expect(texts.contains { $0.hasPrefix("Этот Telegram уже подключён") }, "\(texts)")
            #expect(try await stage.count("select count(*) from identity.identities where user_id = \(second.id)") == 0)
        }
    }

    @Test func whoBlocksTheBotIsLeftAloneUntilHeComesBack() async throws {
        try await withBot { stage in
            let open: SQL = "select count(*) from notifications.telegram_chats where blocked_at is null"
            for (id, (status, chats)) in [("member", 1), ("kicked", 0), ("left", 0), ("member", 1), ("kicked", 0)].enumerated() {
                try await stage.hear(BotWorld.member(status, id: id + 1))
                #expect(try await stage.count(open) == chats, "\(id)")
            }
            // Brought again, it says nothing new.
            try await stage.hear(BotWorld.member("member", id: 4))
            #expect(try await stage.count(open) == 0)
            try await stage.hear(BotWorld.member("kicked", id: 20, chat: "group"))
            try await stage.hear(BotWorld.message("/start", id: 21))
            #expect(try await stage.count(open) == 1)
        }
    }

    // MARK: At the start

    @Test func telegramIsToldWhereToBringUpdatesUntilItHasHeard() async throws {
        try await withBot(address: "https://api.example/api/telegram/webhook") { stage in
            stage.world.fail(true)
            let workers = Task { try await stage.work() }
            while stage.world.asked("setWebhook").count < 2 { await Task.yield() }
            stage.world.fail(false)
            try await workers.value
            let wish = try #require(stage.world.asked("setWebhook").last)
            #expect(wish["url"]?.string == "https://api.example/api/telegram/webhook")
            #expect(wish["secret_token"]?.string == BotWorld.secret && wish["max_connections"] == 40)
            #expect(wish["allowed_updates"] == ["message", "pre_checkout_query", "my_chat_member"])
            #expect(try await stage.count("select count(*) from jobs.jobs where name = 'set-bot-webhook'") == 1, "the other bot hears nothing")
        }
    }
}
