import JSON
import Postgres
import Support
import Testing
import Values

/// A customer's and an executor's day on the board, by a client that behaves as theirs does, against the program itself.
@Suite(.serialized) struct UrgentDayTests {
    private func withBoard(_ body: @escaping @Sendable (ServerProcess, Database) async throws -> Void) async throws {
        try await withDatabase { database in
            let environment = ServerProcess.environment(for: database).merging([
                "TELEGRAM_URGENT_BOT_TOKEN": MiniApp.token, "DEV_RECHARGE": "true", "ADMIN_TELEGRAM_IDS": "900",
                "PRODUCTS": "urgent",
            ]) { $1 }
            try await ServerProcess.using(environment) { try await body($0[0], database) }
        }
    }

    @Test func aPipeBurstsAndIsMended() async throws {
        try await withBoard { server, database in
            let vera = MiniApp(server.client, person: 101, name: "Вера"), oleg = MiniApp(server.client, person: 202, name: "Олег")
            let passer = MiniApp(anonymous: server.client)

            // The app opens: it asks for everything at once, and the profile is there whoever is first.
            try await withThrowingTaskGroup(of: Int.self) { group in
                for path in ["/users/me", "/orders?mine=true", "/cities", "/users/me/preferences", "/users/me/notification-settings", "/balance"] {
                    for app in [vera, oleg] { group.addTask { try await app.call("GET", path).status } }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await passer.get("/orders")["orders"] == [])
            #expect(try await passer.call("GET", "/users/me").status == 401)

            // The customer writes; what is wrong stands in a toast, and what is right on the board.
            var draft: [(name: String, value: JSONValue)] = [
                ("category", "Сантехника"), ("description", "Прорвало трубу"), ("city", "Москва"), ("contact", "8 (916) 123-45-67"),
            ]
            let short = try await vera.post("/orders", .object(draft))
            #expect(short.status == 422 && !vera.toast(short).isEmpty)
            draft[1].value = "Прорвало трубу на кухне, нужен мастер сейчас"
            let made = try await vera.post("/orders", .object(draft))
            #expect(made.status == 201, "\(made.text)")
            let id = made.json["id"]?.string ?? ""
            #expect(made.json["contact"] == "8 (916) 123-45-67" && made.json["expires_in_minutes"] == 60)
            // The answer was lost: the repetition meets the order itself.
            let again = try await vera.post("/orders", .object(draft))
            #expect(again.status == 409 && again.code == "contact_busy", "\(again.text)")

            // The executor sees it without its contact; without money he gets none.
            let feed = try await oleg.poll("/orders?city=%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0") { $0["total"] == 1 }
            #expect(feed["orders"]?[0]?["id"] == .string(id) && feed["orders"]?[0]?["contact"]?.isNull == true)
            let poor = try await oleg.post("/orders/\(id)/take")
            #expect(poor.status == 402 && oleg.toast(poor) == "Недостаточно средств на балансе.", "\(poor.text)")
            let paid = try await oleg.call("POST", "/balance/recharge", ["amount": 100], fields: ["Idempotency-Key": "tap-1"])
            #expect(paid.status == 200 && paid.json["new_balance"] == 100, "\(paid.text)")
            let lost = try await oleg.call("POST", "/balance/recharge", ["amount": 100], fields: ["Idempotency-Key": "tap-1"])
            #expect(lost.json["transaction_id"] == paid.json["transaction_id"], "\(lost.text)")

            // He takes it; the button was pressed twice, and the network lost the first answer.
            for charged in [2, 0] {
                let taken = try await oleg.post("/orders/\(id)/take")
                #expect(taken.json["contact"] == "8 (916) 123-45-67" && taken.json["new_balance"] == 98, "\(taken.text)")
                #expect(taken.json["charged"] == .number("\(charged)") && taken.json["executor_count"] == 1)
            }
            #expect(try await passer.get("/orders/\(id)")["taken_by"]?[0]?["executor_id"] == 0)

            // She sees that he has it, answers, and the fifteen minutes are off.
            let noticed = try await vera.poll("/orders/\(id)") { $0["taken_by"]?.array?.count == 1 }
            #expect(noticed["taken_by"]?[0]?["executor_id"] == 202)
            #expect(try await vera.call("DELETE", "/orders/\(id)").status == 403)
            let responded = try await vera.post("/orders/\(id)/respond")
            #expect(responded.status == 200 && responded.json["customer_responded_at"]?.string != nil)
            #expect(try await vera.post("/orders/\(id)/respond").code == "already_responded")
            #expect(try await oleg.poll("/orders/\(id)") { $0["customer_responded_at"]?.string != nil }["contact"]?.string != nil)

            // The work is done and rated; the app remembers that it has asked.
            let done = try await vera.post("/orders/\(id)/complete")
            #expect(done.status == 200 && done.json["status"] == "completed", "\(done.text)")
            #expect(try await vera.get("/reviews/check?order_id=\(id)")["submitted"] == false)
            let rating: JSONValue = ["order_id": .string(id), "rating": 5, "comment": "Быстро и чисто"]
            #expect(try await vera.post("/reviews/client", rating).json["success"] == true)
            #expect(try await vera.post("/reviews/client", rating).code == "already_reviewed")
            #expect(try await vera.get("/reviews/check?order_id=\(id)") == ["submitted": true, "type": "review"])

            // His evening: what he took, what he has, what is said of him.
            let profile = try await oleg.get("/users/me")
            #expect(profile["completed_orders"] == 1 && profile["active_orders"] == 0 && profile["rating"] == 5 && profile["balance"] == 98)
            #expect(try await oleg.get("/orders")["orders"]?[0]?["status"] == "completed")
            #expect(try await oleg.get("/reviews?mine=true")[0]?["author_name"] == "Вера")
            let moved = try await oleg.get("/balance/transactions")
            #expect((moved["transactions"]?.array ?? []).compactMap { $0["type"]?.string } == ["order_take", "recharge"], "\(moved)")
        }
    }

    @Test func aCustomerDoesNotAnswerAndTheMoneyComesBack() async throws {
        try await withBoard { server, database in
            let vera = MiniApp(server.client, person: 101, name: "Вера"), staff = MiniApp(server.client, person: 900, name: "Анна")
            let executors = (1...4).map { MiniApp(server.client, person: 200 + $0, name: "Мастер \($0)") }
            for app in executors { #expect(try await app.post("/balance/recharge", ["amount": 10]).status == 200) }
            let order: JSONValue = [
                "category": "Электрика", "description": "Искрит розетка, пахнет гарью", "city": "казань", "contact": "@vera_test",
            ]
            let made = try await vera.post("/orders", order)
            let id = made.json["id"]?.string ?? ""
            #expect(made.status == 201 && made.json["city"] == "Казань", "\(made.text)")
            // Four press at once, each twice: three get it, and each of them pays once.
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for app in executors { for _ in 0..<2 { group.addTask { try await app.post("/orders/\(id)/take").status } } }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(answers == [200: 6, 409: 2])

            // Fifteen minutes pass. The order reads closed at once, and soon everybody has his money back.
            try await database.execute(
                Command(
                    """
                    with waiting as (
                        update urgent.unanswered set due_at = due_at - interval '15 minutes' where order_id = \(id)
                    )
                    update urgent.orders set first_taken_at = first_taken_at - interval '15 minutes',
                           no_response_at = no_response_at - interval '15 minutes' where id = \(id)
                    """))
            #expect(try await vera.get("/orders/\(id)")["status"] == "closed_no_response")
            #expect(try await vera.post("/orders/\(id)/respond").status == 410)
            for app in executors { #expect(try await app.poll("/balance") { $0["balance"] == 10 }["balance"] == 10) }
            let early = try await vera.post("/reviews/client", ["order_id": .string(id), "rating": 1])
            #expect(early.status == 400 && early.code == "order_not_finished", "\(early.text)")

            // One of them complains; staff look and block her.
            var complaint: TestAnswer?
            for app in executors where complaint?.status != 200 {
                complaint = try await app.post("/reviews/executor", ["order_id": .string(id), "complaint": "Не отвечал"])
            }
            let number = complaint?.json["complaint_id"]?.number?.whole ?? 0
            let resolution: JSONValue = ["decision": "accepted", "block_client": true, "reason": "Не отвечает никому"]
            #expect(try await staff.post("/admin/complaints/\(number)/resolve", resolution).status == 200)
            #expect(try await vera.post("/orders", order).code == "user_blocked")
            #expect(try await vera.get("/orders?mine=true")["total"] == 1)
            let stats = try await staff.get("/admin/stats")
            #expect(stats["money"]?["spent"] == 6 && stats["money"]?["refunded"] == 6 && stats["money"]?["balance_total"] == 40, "\(stats)")
        }
    }
}
