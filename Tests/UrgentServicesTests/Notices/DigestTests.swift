import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

/// What executors are told of orders that they may take (spec 4.8, scenario 33).
@Suite struct DigestTests {
    private typealias Person = Board.Person

    private func withExecutor(
        _ body: @escaping @Sendable (Board) async throws -> Void
    ) async throws {
        try await withBoard { board in
            try await board.come(Person.customer)
            try await board.subscribe(Person.e1)
            try await body(board)
        }
    }

    private func digests(_ board: Board, _ user: Int = Person.e1) async throws -> [String] {
        try await board.messages(to: user).filter { $0.contains("срочн") || $0.contains("Срочн") }
            .filter { !$0.hasPrefix("Этот бот") }
    }

    @Test func aNewOrderIsToldAtOnce() async throws {
        try await withExecutor { board in
            let order = try await board.newOrder(category: "Электрика")
            let texts = try await digests(board)
            #expect(texts.count == 1 && texts[0].contains("Электрика, Москва"), "\(texts)")
            #expect(texts[0].contains("Осталось: 60 мин") && texts[0].contains("мест: 3"))
            let message = board.neighbours.telegram.messages.last
            let button = message?["reply_markup"]?["inline_keyboard"]?.array?.first?.array?.first
            #expect(button?["url"]?.string == "https://t.me/urgent_bot?startapp=order_\(order)")
        }
    }

    /// What comes in the quiet is told when it is over, together with what is still open.
    @Test func theQuietIsKept() async throws {
        try await withExecutor { board in
            let first = try await board.newOrder(category: "Электрика")
            #expect(try await digests(board).count == 1)
            let second = try await board.newOrder(category: "Электрика")
            try await board.run(NoticeJobs.notifyExecutors)
            #expect(try await digests(board).count == 1)
            try await board.passQuiet(of: Person.e1, minutes: 5)
            try await board.run(NoticeJobs.notifyExecutors)
            let texts = try await digests(board)
            #expect(texts.count == 2, "\(texts)")
            let last = texts.last ?? ""
            #expect(last.hasPrefix("Срочные заказы для вас: 2"))
            #expect(last.contains("startapp=order_\(first)") && last.contains("startapp=order_\(second)"))
        }
    }

    /// What was open when he was chosen is gone when he is to be told: the next order is told at once.
    @Test func aDigestWithoutOrdersBeginsNoQuiet() async throws {
        try await withExecutor { board in
            let gone = try await board.newOrder(category: "Электрика")
            try await board.doors.digests.run()
            #expect(try await board.count("select count(*) from urgent.users where last_notified_at is not null") == 1)
            try await board.age(gone, minutes: 61)
            #expect(try await digests(board).isEmpty)
            _ = try await board.newOrder(category: "Электрика")
            #expect(try await digests(board).count == 1)
        }
    }

    /// Orders elsewhere, of other kinds, his own, taken ones, full ones and ended ones are nothing to him.
    @Test func onlyWhatIsOpenToHim() async throws {
        try await withExecutor { board in
            _ = try await board.newOrder(city: "Казань", category: "Электрика")
            _ = try await board.newOrder(category: "Клининг")
            _ = try await board.newOrder(by: Person.e1, category: "Электрика")
            let full = try await board.newOrder(category: "Электрика")
            for user in [Person.e2, Person.e3, Person.e4] {
                try await board.come(user)
                #expect(try await board.take(full, by: user).status == 200)
            }
            let ended = try await board.newOrder(category: "Электрика")
            try await board.age(ended, minutes: 61)
            #expect(try await digests(board).isEmpty)
            let taken = try await board.newOrder(category: "Электрика")
            #expect(try await board.take(taken, by: Person.e1).status == 200)
            #expect(try await digests(board).isEmpty)
        }
    }

    @Test(arguments: ["off", "blocked", "kicked"])
    func whoMayNotBeToldIsNot(_ state: String) async throws {
        try await withExecutor { board in
            switch state {
            case "off":
                _ = try await board.send("PUT", "/users/me/notification-settings", as: Person.e1, ["enabled": false])
            case "blocked":
                try await board.database.execute(Command("update urgent.users set blocked_at = now() where id = \(Person.e1)"))
            default:
                try await board.database.execute(Command("update notifications.telegram_chats set blocked_at = now()"))
            }
            _ = try await board.newOrder(category: "Электрика")
            #expect(try await digests(board).isEmpty)
        }
    }

    /// Several instances at once tell each executor once.
    @Test func instancesAtOnceTellOnce() async throws {
        try await withExecutor { board in
            for user in 5001...5020 { try await board.subscribe(user) }
            _ = try await board.newOrder(category: "Электрика")
            _ = try await race(4) { _ in try await board.doors.digests.run() }
            try await board.work()
            let messages = board.neighbours.telegram.messages.filter { $0["text"]?.string?.contains("Новый срочный") == true }
            #expect(messages.count == 21 && Set(messages.compactMap { $0["chat_id"]?.int }).count == 21)
        }
    }
}
