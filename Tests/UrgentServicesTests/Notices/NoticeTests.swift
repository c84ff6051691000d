import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

/// What customers and executors are told by the bot (spec 4.8).
@Suite struct NoticeTests {
    private typealias Person = Board.Person

    /// Everybody lets the bot write, and there is an order with a contact that nobody may read in a message.
    private func withOrder(
        _ body: @escaping @Sendable (Board, String) async throws -> Void
    ) async throws {
        try await withBoard { board in
            for user in [Person.customer, Person.e1, Person.e2, Person.e3] {
                try await board.come(user)
                try await board.allowBot(user)
            }
            let order = try await board.newOrder(contact: "@secret_contact")
            _ = try await board.messages(to: Person.customer)
            try await body(board, order)
            try await board.work()
            for message in board.neighbours.telegram.messages {
                #expect(message["text"]?.string?.contains("secret_contact") == false)
                #expect(message["parse_mode"] == nil)
            }
            // Whatever happens twice is told once.
            let count = board.neighbours.telegram.messages.count
            try await board.database.execute(
                Command("update api.outbox set dispatched_at = null where event like 'urgent.%' or event like 'payment.%'"))
            try await board.work()
            #expect(board.neighbours.telegram.messages.count == count)
        }
    }

    /// What somebody was told since `/start`.
    private func told(_ board: Board, _ user: Int) async throws -> [String] {
        try await board.messages(to: user).filter { !$0.hasPrefix("Этот бот") }
    }

    /// What has happened thirty times costs as many statements as what has happened twice, also where somebody is to be written
    /// to: that is left to a job.
    @Test func manyEventsAreHeardTogether() async throws {
        var options = UrgentDoors.Options()
        options.terms.ordersPerHour = 1000
        try await withBoard(options: options) { board in
            try await board.come(Person.e1)
            try await board.come(Person.customer)
            try await board.allowBot(Person.customer)
            func heard(_ orders: Int) async throws -> Int {
                for _ in 0..<orders {
                    let id = try await board.newOrder()
                    #expect(try await board.take(id, by: Person.e1).status == 200)
                }
                let before = board.database.metrics.queries
                while try await board.neighbours.dispatch(to: board.module) > 0 {}
                return Int(board.database.metrics.queries - before)
            }
            let one = try await heard(1), many = try await heard(15)
            #expect(many <= one + 5, "\(one) statements for two events, \(many) for thirty")
            #expect(try await board.count("select count(*) from jobs.jobs where name = 'urgent.letters'") == 2)
            #expect(try await board.messages(to: Person.customer).count { $0.hasPrefix("Ваш заказ взяли") } == 16)
        }
    }

    /// So does what was paid.
    @Test func manyPaymentsAreHeardTogether() async throws {
        try await withBoard { board in
            let telegram = board.neighbours.telegram
            for user in 5001...5012 {
                try await board.come(user, with: 0)
                let (_, _, payload) = try await board.invoice(100, by: user)
                try await board.hear(telegram.preCheckout(payload, stars: 67, user: Int64(user)))
                try await board.hear(telegram.pay(Board.token, payload, stars: 67, user: Int64(user), at: .now))
            }
            try await board.work()
            func heard(_ payments: Int) async throws -> Int {
                try await board.database.execute(
                    Command(
                        """
                        update api.outbox set dispatched_at = null
                         where id in (select id from api.outbox where event = 'payment.succeeded' order by id limit \(payments))
                        """))
                let before = board.database.metrics.queries
                #expect(try await board.neighbours.dispatch(to: board.module) == payments)
                return Int(board.database.metrics.queries - before)
            }
            let one = try await heard(1), many = try await heard(12)
            #expect(many <= one + 2, "\(one) statements for a payment, \(many) for twelve")
        }
    }

    @Test func theCustomerHearsOfEachTake() async throws {
        try await withOrder { board, order in
            for user in [Person.e1, Person.e2] { #expect(try await board.take(order, by: user).status == 200) }
            let texts = try await told(board, Person.customer)
            #expect(texts.count == 2 && texts[0].hasPrefix("Ваш заказ взяли") && texts.contains { $0.contains("1 из 3") }, "\(texts)")
            #expect(texts.contains { $0.contains("2 из 3") } && texts.allSatisfy { $0.contains("через 15 мин") })
            let link = board.neighbours.telegram.messages.last?["reply_markup"]?["inline_keyboard"]?.array?.first?.array?.first
            #expect(link?["url"]?.string == "https://t.me/urgent_bot?startapp=order_\(order)")
            #expect(try await told(board, Person.e1).isEmpty)
        }
    }

    @Test func executorsHearOfTheAnswerAndTheEnd() async throws {
        try await withOrder { board, order in
            for user in [Person.e1, Person.e2] { _ = try await board.take(order, by: user) }
            #expect(try await board.post("/orders/\(order)/respond", as: Person.customer).status == 200)
            let done = try await board.post(
                "/orders/\(order)/complete", as: Person.customer, ["executor_id": .number("\(Person.e2)")])
            #expect(done.status == 200)
            let first = try await told(board, Person.e1), second = try await told(board, Person.e2)
            #expect(first.count == 2 && first.contains { $0.hasPrefix("Заказчик ответил") }, "\(first)")
            #expect(first.contains { $0.hasPrefix("Заказ выполнен") && !$0.contains("отметил вас") })
            #expect(second.contains { $0.contains("отметил вас исполнителем") }, "\(second)")
        }
    }

    @Test func whoGetsMoneyBackHearsOfIt() async throws {
        try await withOrder { board, order in
            _ = try await board.take(order, by: Person.e1)
            #expect(try await board.post("/orders/\(order)/close", as: Person.customer).status == 204)
            let texts = try await told(board, Person.e1)
            #expect(texts.count == 1 && texts[0].contains("возвращено 2 ₽") && texts[0].contains("Баланс: 100 ₽"), "\(texts)")
        }
    }

    @Test func whoGetsNoneHearsOfTheEnd() async throws {
        try await withOrder { board, order in
            _ = try await board.take(order, by: Person.e1)
            #expect(try await board.post("/orders/\(order)/respond", as: Person.customer).status == 200)
            #expect(try await board.post("/orders/\(order)/close", as: Person.customer).status == 204)
            let texts = try await told(board, Person.e1)
            #expect(texts.count == 2 && texts.contains { $0.hasPrefix("Заказ закрыт") }, "\(texts)")
        }
    }

    @Test func theCustomerHearsThatTimeIsOver() async throws {
        try await withOrder { board, order in
            try await board.age(order, minutes: 61)
            try await board.tick()
            let texts = try await told(board, Person.customer)
            #expect(texts.count == 1 && texts[0].contains("обновить или удалить"), "\(texts)")
        }
    }

    // MARK: The reminder

    /// Ten minutes after the first take, once.
    @Test func theSilentCustomerIsReminded() async throws {
        try await withOrder { board, order in
            _ = try await board.take(order, by: Person.e1)
            try await board.work()
            let wait = try await board.count(
                """
                select extract(epoch from n.remind_at - o.first_taken_at)::int
                  from urgent.unanswered n join urgent.orders o on o.id = n.order_id where o.id = \(order)
                """)
            #expect(wait == 600)
            try await board.run(NoticeJobs.remindClients)
            #expect(try await told(board, Person.customer).allSatisfy { !$0.hasPrefix("Исполнители ждут") })
            try await board.database.execute(Command("update urgent.unanswered set remind_at = now()"))
            for _ in 0..<2 { try await board.run(NoticeJobs.remindClients) }
            let texts = try await told(board, Person.customer)
            #expect(texts.count { $0.hasPrefix("Исполнители ждут ответа") } == 1, "\(texts)")
        }
    }

    @Test(arguments: ["respond", "close", "complete"])
    func whoHasAnsweredIsNot(_ action: String) async throws {
        try await withOrder { board, order in
            _ = try await board.take(order, by: Person.e1)
            _ = try await board.post("/orders/\(order)/\(action)", as: Person.customer)
            try await board.database.execute(Command("update urgent.unanswered set remind_at = now()"))
            try await board.run(NoticeJobs.remindClients)
            #expect(try await told(board, Person.customer).allSatisfy { !$0.hasPrefix("Исполнители ждут") })
        }
    }

    // MARK: Payers

    @Test func thePayerHearsOfHisMoney() async throws {
        try await withOrder { board, _ in
            let (_, _, payload) = try await board.invoice(100, by: Person.e1)
            let telegram = board.neighbours.telegram
            try await board.hear(telegram.preCheckout(payload, stars: 67, user: Int64(Person.e1)))
            try await board.hear(telegram.pay(Board.token, payload, stars: 67, user: Int64(Person.e1), at: .now))
            let texts = try await told(board, Person.e1)
            #expect(texts.count == 1 && texts[0].contains("Зачислено 100 ₽. Баланс: 200 ₽"), "\(texts)")
        }
    }

    @Test func whoeverHasBlockedTheBotIsLeftAlone() async throws {
        try await withOrder { board, order in
            let member: JSONValue = [
                "update_id": 7, "my_chat_member": [
                    "from": ["id": .number("\(Person.customer)"), "is_bot": false, "first_name": "A"],
                    "chat": ["type": "private", "id": .number("\(Person.customer)")], "new_chat_member": ["status": "kicked"],
                ],
            ]
            #expect(try await board.hear(member.jsonBytes).status == 200)
            _ = try await board.take(order, by: Person.e1)
            #expect(try await told(board, Person.customer).isEmpty)
        }
    }
}
