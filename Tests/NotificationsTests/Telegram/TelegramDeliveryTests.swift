import HTTP
import JSON
import Postgres
import Service
import Support
import Synchronization
import Telegram
import Testing
import Values

@testable import Jobs
@testable import Notifications

/// Notices on their way to chats with our bots, over real sockets.
@Suite struct TelegramDeliveryTests {
    private static let notice = Notice(
        .support, subject: "Request 7", body: "It is <done>", actionURL: "https://app.example/7", dedupeKey: "n1")

    /// Runs `body` with a reader who has opened a chat with the bot `condo`.
    private func withChat(
        _ answer: @escaping EmulatedService.Answer,
        _ body: @escaping @Sendable (Database, Notifications, EmulatedService) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let telegram = try EmulatedService(answer)
            let bot = TelegramBot(
                name: "condo", token: "7000000001:AAExampleTokenForSpecVector0000000", base: telegram.url,
                service: OutsideService("telegram", client: try TestLoops.client()), clock: Self.stepping())
            let door = Notifications.test(database, telegram: .bots(TelegramBots([bot])))
            try await door.openTelegramChat(bot: "condo", person: 42, of: Desk.reader)
            try await body(database, door, telegram)
        }
    }

    /// Every look at it is a second after the one before, so that a chat's pace holds nothing up.
    private static func stepping() -> Clock {
        let steps = Atomic(0)
        return Clock { Instant(secondsSince1970: 1_770_000_000 + Int64(steps.add(1, ordering: .relaxed).newValue)) }
    }

    private func states(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>(
                """
                select recipient || ' ' || status || ' ' || retry_count || ' ' || coalesce(external_id, error, '')
                from notifications.notifications where type = 'telegram' order by id
                """))
    }

    private static let taken: JSONValue = ["ok": true, "result": ["message_id": 7]]
    private static let blocked: JSONValue = [
        "ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user",
    ]

    @Test func aNoticeGoesToTheChatOnce() async throws {
        try await withChat({ _ in .json(Self.taken) }) { database, door, telegram in
            for _ in 0..<2 { try await door.send(Self.notice, to: .user(Desk.reader)) }
            try await door.exhaust()
            #expect(try await states(database) == ["condo:42 sent 0 42:7"])
            #expect(telegram.seen.count == 1)
            #expect(telegram.seen.first?.json["chat_id"] == 42)
            #expect(telegram.seen.first?.json["text"] == "Request 7\n\nIt is <done>\n\nhttps://app.example/7")
        }
    }

    @Test func codesAndStrangersAndTheUnwillingGetNothing() async throws {
        try await withChat({ _ in .json(Self.taken) }) { database, door, _ in
            try await door.send(NotificationsTests.mail, to: .user(Desk.reader, email: "reader@example.com"))
            try await door.send(Self.notice, to: .user(Desk.other))
            try await database.execute(
                Command(
                    """
                    insert into notifications.preferences (user_id, category, channel, is_enabled)
                    values (\(Desk.reader), 'support', 'telegram', false)
                    """))
            try await door.send(Self.notice, to: .user(Desk.reader))
            #expect(try await states(database).isEmpty)
        }
    }

    /// As long as Telegram says it is busy nothing counts as a try; it is asked when it has said.
    @Test func telegramSaysWhenItIsAskedAgain() async throws {
        let busy: JSONValue = ["ok": false, "error_code": 429, "parameters": ["retry_after": 17]]
        try await withChat({ _ in .answer(429, fields: [], body: busy.jsonBytes) }) { database, door, telegram in
            try await door.send(Self.notice, to: .user(Desk.reader))
            let id = try await database.one(
                Statement<ID<Notification>>("select id from notifications.notifications where type = 'telegram'"))
            do {
                try await door.deliver(id)
                Issue.record("nothing was taken")
            } catch JobVerdict.snooze(let wait) { #expect(wait == .seconds(17)) }
            #expect(try await states(database) == ["condo:42 pending 0 "])
            #expect(telegram.seen.count == 1)
        }
    }

    @Test func whoeverBlocksABotIsLeftAloneUntilHeSpeaksToItAgain() async throws {
        try await withChat({ _ in .answer(403, fields: [], body: Self.blocked.jsonBytes) }) { database, door, telegram in
            try await door.send(Self.notice, to: .user(Desk.reader))
            // Written before it was known.
            try await door.send(Notice(.support, subject: "s", body: "b"), to: .user(Desk.reader))
            for id in try await database.all(
                Statement<ID<Notification>>("select id from notifications.notifications where type = 'telegram' order by id"))
            {
                do { try await door.deliver(id) } catch JobVerdict.giveUp(let reason) {
                    try await door.giveUp(id, because: reason)
                }
            }
            let refused = "failed 1 the bot may not write to this person"
            #expect(try await states(database) == ["condo:42 \(refused)", "condo:42 \(refused)"])
            #expect(telegram.seen.count == 1)
            try await door.send(Notice(.support, subject: "s", body: "b"), to: .user(Desk.reader))
            #expect(try await states(database).count == 2)
            try await door.openTelegramChat(bot: "condo", person: 42)
            try await door.send(Notice(.support, subject: "s", body: "b"), to: .user(Desk.reader))
            #expect(try await states(database).count == 3)
        }
    }

    @Test func aFailingTelegramIsTriedThreeTimes() async throws {
        try await withChat({ _ in .answer(502, fields: [], body: []) }) { database, door, telegram in
            try await door.send(Self.notice, to: .user(Desk.reader))
            try await door.exhaust()
            #expect(try await states(database) == ["condo:42 failed 3 Telegram answered 502"])
            #expect(telegram.seen.count == 3)
        }
    }

    @Test func whatMayHaveArrivedIsNotSentTwice() async throws {
        try await withChat({ _ in .brokenOff }) { database, door, telegram in
            try await door.send(Self.notice, to: .user(Desk.reader))
            try await door.exhaust()
            let state = try #require(try await states(database).first)
            #expect(state.hasPrefix("condo:42 sent 1") && !state.contains("AAExample"))
            #expect(telegram.seen.count == 1)
        }
    }

    /// The address stands behind a button that says where it leads; the text is the notice alone.
    @Test func aButtonLeadsOn() async throws {
        try await withChat({ _ in .json(Self.taken) }) { database, door, telegram in
            var notice = Self.notice
            notice.actionTitle = "Open"
            try await door.send(notice, to: .user(Desk.reader))
            try await door.exhaust()
            let message = try #require(telegram.seen.first?.json)
            #expect(message["text"] == "Request 7\n\nIt is <done>")
            let button: JSONValue = ["text": "Open", "url": "https://app.example/7"]
            #expect(message["reply_markup"] == ["inline_keyboard": [[button]]])
        }
    }

    /// A product's notices go by its own bot or not at all.
    @Test func aNoticeOfOneBotGoesByNoOther() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let door = Notifications.test(database)
            try await door.openTelegramChat(bot: "condo", person: 42, of: Desk.reader)
            var notice = Self.notice
            notice.bot = "urgent"
            try await door.send(notice, to: .user(Desk.reader))
            #expect(try await states(database).isEmpty)
            try await door.openTelegramChat(bot: "urgent", person: 42, of: Desk.reader)
            try await door.openTelegramChat(bot: "condo", person: 42, of: Desk.reader)
            notice.dedupeKey = "n2"
            try await door.send(notice, to: .user(Desk.reader))
            #expect(try await states(database) == ["urgent:42 pending 0 "])
        }
    }

    /// Of a product whose clients show no list.
    @Test func whatIsNotListedReachesPeopleAllTheSame() async throws {
        try await withChat({ _ in .json(Self.taken) }) { database, door, telegram in
            var notice = Self.notice
            notice.isListed = false
            for _ in 0..<2 { try await door.send(notice, to: .user(Desk.reader)) }
            try await door.exhaust()
            #expect(telegram.seen.count == 1)
            let kinds = try await database.all(Statement<String>("select type from notifications.notifications"))
            #expect(kinds == ["telegram"])
        }
    }

    /// Somebody without an account is answered, once for what he has said.
    @Test func aBotAnswersStrangers() async throws {
        try await withChat({ _ in .json(Self.taken) }) { database, door, telegram in
            var answer = Notice(.system, subject: "", body: "Hello")
            answer.dedupeKey = "update:1"
            for _ in 0..<2 { try await door.reply(answer, to: 43, by: "condo") }
            try await door.exhaust()
            #expect(telegram.seen.map { $0.json["chat_id"] } == [43])
            #expect(telegram.seen.first?.json["text"] == "Hello")
        }
    }

    @Test func theChatOpenedLastIsWrittenTo() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let early = Notifications.test(database, clock: .fixed(.now - .hours(1)))
            try await early.openTelegramChat(bot: "urgent", person: 42, of: Desk.reader)
            let door = Notifications.test(database)
            try await door.openTelegramChat(bot: "condo", person: 42, of: Desk.reader)
            try await door.send(Self.notice, to: .user(Desk.reader))
            try await door.blockTelegramChat(bot: "condo", person: 42)
            var second = Self.notice
            second.dedupeKey = "n2"
            try await door.send(second, to: .user(Desk.reader))
            try await door.forget(Desk.reader)
            second.dedupeKey = "n3"
            try await door.send(second, to: .user(Desk.reader))
            #expect(try await states(database) == ["condo:42 pending 0 ", "urgent:42 pending 0 "])
        }
    }
}
