import JSON
import Payments
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

@Suite struct StaffTests {
    private typealias P = Board.Person
    private static let moderator = 9001, admin = 9002, second = 9003

    private func withStaff(_ body: @escaping @Sendable (Board) async throws -> Void) async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2, P.e3, P.e4)
            try await board.setRole(.moderator, of: Self.moderator)
            try await board.setRole(.admin, of: Self.admin)
            try await body(board)
            try await board.checkInvariants()
        }
    }

    // MARK: Reviews

    /// Scenario 41.
    @Test func aHiddenReviewIsNeitherSeenNorCounted() async throws {
        try await withStaff { board in
            let bad = try await board.completedOrder(takenBy: P.e1)
            let good = try await board.completedOrder(takenBy: P.e1)
            let id = try await board.rate(bad, 1).json["review_id"]?.number?.whole ?? 0
            _ = try await board.rate(good, 4)
            func rating() async throws -> JSONValue? { try await board.get("/users/me", as: P.e1).json["rating"] }
            #expect(try await rating() == .number("2.5"))

            let hidden = try await board.post("/admin/reviews/\(id)/hide", as: Self.moderator, ["reason": "Оскорбления"])
            #expect(hidden.status == 200 && hidden.text == #"{"success":true}"#, "\(hidden.text)")
            #expect(try await rating() == 4)
            #expect(try await board.get("/reviews?mine=true", as: P.e1).field("x-total-count") == "1")
            #expect(try await board.get("/orders/\(bad)").json["rating"]?.isNull == true)
            #expect(try await board.post("/admin/reviews/\(id)/hide", as: Self.moderator, ["reason": "abc"]).code == "already_done")

            let list = try await board.get("/admin/reviews?status=hidden", as: Self.moderator).json
            #expect(list["total"] == 1 && list["limit"] == 50 && list["offset"] == 0)
            let item = list["items"]?[0]
            #expect(item?["id"] == .number("\(id)") && item?["status"] == "hidden" && item?["client_id"] == 1001)
            #expect(item?["moderated_by"] == 9001 && item?["moderation_reason"] == "Оскорбления" && item?["executor_id"] == 2001)
            for (query, total) in [("", 2), ("?rating=4", 1), ("?executor_id=2001", 2), ("?executor_id=2002", 0), ("?client_id=1001&status=visible", 1)] {
                #expect(try await board.get("/admin/reviews" + query, as: Self.moderator).json["total"] == .number("\(total)"), "\(query)")
            }

            #expect(try await board.post("/admin/reviews/\(id)/restore", as: Self.moderator, ["reason": "Ошибка"]).status == 200)
            #expect(try await rating() == .number("2.5"))
            #expect(try await board.post("/admin/reviews/\(id)/restore", as: Self.moderator, ["reason": "abc"]).code == "already_done")
            #expect(try await board.post("/admin/reviews/x/hide", as: Self.moderator, ["reason": "abc"]).status == 404)

            let deeds = try await board.get("/admin/audit-log?entity=review&entity_id=\(id)", as: Self.admin).json
            #expect(deeds["total"] == 2)
            let first = deeds["items"]?[1]
            #expect(first?["actor_id"] == 9001 && first?["action"] == "review_hidden" && first?["entity"] == "review")
            #expect(first?["before"] == ["status": "visible"] && first?["after"] == ["status": "hidden"], "\(deeds)")
            #expect(first?["reason"] == "Оскорбления" && first?["ip"] == "127.0.0.1")
            #expect(try await board.get("/admin/audit-log?actor_id=9002", as: Self.admin).json["total"] == 0)
        }
    }

    // MARK: Complaints

    /// Scenario 42.
    @Test func anAcceptedComplaintGivesTheMoneyBackOnce() async throws {
        try await withStaff { board in
            let order = try await board.completedOrder(takenBy: P.e1, P.e2)
            let id = try await board.complain(of: order, by: P.e1, [("comment", "Номер чужой")]).json["complaint_id"]?.number?.whole ?? 0
            let list = try await board.get("/admin/complaints?status=open", as: Self.moderator).json
            let item = list["items"]?[0]
            #expect(list["total"] == 1 && item?["complaint"] == "Не отвечал" && item?["comment"] == "Номер чужой", "\(list)")
            #expect(item?["order"]?["id"] == .string(order) && item?["order"]?["status"] == "completed")
            let path = "/admin/complaints/\(id)/resolve"
            #expect(
                try await board.post(path, as: Self.moderator, ["decision": "perhaps", "reason": "abc"]).status == 422)
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        try await board.post(
                            path, as: Self.moderator, ["decision": "accepted", "refund": true, "reason": "Подтвердилось"]).status
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(answers == [200: 1, 409: 4])
            #expect(try await board.balance(of: P.e1) == 100)
            #expect(try await board.balance(of: P.e2) == 98)
            let resolved = try await board.get("/admin/complaints?executor_id=2001", as: Self.moderator).json["items"]?[0]
            #expect(resolved?["status"] == "accepted" && resolved?["refunded"] == true && resolved?["resolved_by"] == 9001)
            #expect(resolved?["resolution_note"] == "Подтвердилось")
        }
    }

    /// Rejecting moves nothing; blocking the customer closes what he has on the board.
    @Test func aComplaintMayBlockTheCustomer() async throws {
        try await withStaff { board in
            let done = try await board.completedOrder(takenBy: P.e1)
            let open = try await board.newOrder()
            _ = try await board.take(open, by: P.e2)
            let id = try await board.complain(of: done, by: P.e1).json["complaint_id"]?.number?.whole ?? 0
            let body: JSONValue = ["decision": "rejected", "block_client": true, "reason": "Спам"]
            #expect(try await board.post("/admin/complaints/\(id)/resolve", as: Self.moderator, body).status == 200)
            #expect(try await board.balance(of: P.e1) == 98)
            #expect(try await board.balance(of: P.e2) == 100)
            #expect(try await board.get("/orders/\(open)", as: P.customer).json["close_reason"] == "moderated")
            #expect(try await board.post("/orders", as: P.customer, Board.order()).code == "user_blocked")
        }
    }

    // MARK: Orders

    @Test func staffCloseOrdersAndGiveMoneyBack() async throws {
        try await withStaff { board in
            let order = try await board.newOrder()
            for executor in [P.e1, P.e2] { _ = try await board.take(order, by: executor) }
            let path = "/admin/orders/\(order)"
            #expect(try await board.post(path + "/refund", as: Self.admin, ["reason": "abc"]).code == "order_not_finished")
            let closed = try await board.post(path + "/close", as: Self.moderator, ["reason": "Обман", "refund": false])
            #expect(closed.status == 200, "\(closed.text)")
            #expect(try await board.balance(of: P.e1) == 98)
            let view = try await board.get("/orders/\(order)", as: P.e1).json
            #expect(view["status"] == "closed_no_response" && view["close_reason"] == "moderated")
            #expect(try await board.post(path + "/close", as: Self.moderator, ["reason": "abc"]).code == "order_not_active")
            #expect(try await board.rate(order, 5).code == "order_not_finished")

            let one = try await board.post(path + "/refund", as: Self.admin, ["reason": "Решение", "executor_id": 2002])
            #expect(one.text == #"{"success":true,"refunded":1,"amount":2}"#, "\(one.text)")
            let rest = try await board.post(path + "/refund", as: Self.admin, ["reason": "Решение"])
            #expect(rest.text == #"{"success":true,"refunded":1,"amount":2}"#, "\(rest.text)")
            let none = try await board.post(path + "/refund", as: Self.admin, ["reason": "Решение"])
            #expect(none.status == 409 && none.code == "already_done", "\(none.text)")
            #expect(try await board.balance(of: P.e1) == 100)

            // By default what was paid goes back with the closing; an order whose time has passed is none to close.
            let other = try await board.newOrder()
            _ = try await board.take(other, by: P.e3)
            #expect(try await board.post("/admin/orders/\(other)/close", as: Self.moderator, ["reason": "Обман"]).status == 200)
            #expect(try await board.balance(of: P.e3) == 100)
            let lapsed = try await board.newOrder()
            try await board.age(lapsed, minutes: 61)
            #expect(try await board.post("/admin/orders/\(lapsed)/close", as: Self.moderator, ["reason": "Обман"]).status == 410)
            #expect(try await board.count("select count(*) from urgent.orders where id = \(lapsed) and status = 'expired'") == 1)
        }
    }

    @Test func staffSeeOrdersWithTheirContactsAndAllThatHangsOnThem() async throws {
        try await withStaff { board in
            let order = try await board.completedOrder(takenBy: P.e1)
            _ = try await board.rate(order, 5)
            _ = try await board.complain(of: order, by: P.e1)
            _ = try await board.post("/admin/orders/\(order)/refund", as: Self.admin, ["reason": "Решение"])
            let other = try await board.newOrder(by: P.e4, contact: "@looked_for", city: "Казань", category: "Электрика")

            let details = try await board.get("/admin/orders/\(order)", as: Self.moderator).json
            #expect(details["contact"]?.string?.hasPrefix("@contact") == true && details["client_id"] == 1001, "\(details)")
            #expect(details["client"]?["id"] == 1001 && details["taken_by"]?[0]?["executor_id"] == 2001)
            #expect(details["takes"]?[0]?["cost"] == 2 && details["takes"]?[0]?["refunded_at"]?.string != nil)
            let kinds = (details["transactions"]?.array ?? []).compactMap { $0["type"]?.string }
            #expect(kinds == ["order_take", "refund"] && details["transactions"]?[1]?["balance_after"] == 100)
            #expect(details["reviews"]?[0]?["rating"] == 5 && details["complaints"]?[0]?["complaint"] == "Не отвечал")

            for (query, orders) in [
                ("?status=completed", [order]), ("?status=active", [other]), ("?city=Казань", [other]), ("?category=Сантехника", [order]),
                ("?client_id=2004", [other]), ("?q=looked_f", [other]), ("?q=l%25ed", []), ("?status=all", [other, order]),
                ("?from=2099-01-01", []), ("?to=2099-01-01&limit=1", [other]), ("?offset=1", [order]), ("?status=expired", []),
            ] as [(String, [String])] {
                let escaped = query.replacing("Казань", with: "%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C")
                    .replacing("Сантехника", with: "%D0%A1%D0%B0%D0%BD%D1%82%D0%B5%D1%85%D0%BD%D0%B8%D0%BA%D0%B0")
                let list = try await board.get("/admin/orders" + escaped, as: Self.moderator).json
                #expect((list["items"]?.array ?? []).compactMap { $0["id"]?.string } == orders, "\(query): \(list)")
            }
            #expect(try await board.get("/admin/orders?q=ab", as: Self.moderator).status == 422)
            try await board.age(other, minutes: 61)
            #expect(try await board.get("/admin/orders?status=expired", as: Self.moderator).json["total"] == 1)
            #expect(try await board.get("/admin/orders?status=active", as: Self.moderator).json["total"] == 0)
        }
    }

    // MARK: People

    @Test func aBlockedPersonReadsAndChangesNothing() async throws {
        try await withStaff { board in
            let order = try await board.newOrder()
            _ = try await board.take(order, by: P.e1)
            let path = "/admin/users/1001"
            #expect(try await board.post(path + "/unblock", as: Self.moderator, ["reason": "abc"]).code == "already_done")
            #expect(try await board.post(path + "/block", as: Self.moderator, ["reason": "Обман"]).status == 200)
            #expect(try await board.post(path + "/block", as: Self.moderator, ["reason": "abc"]).code == "already_done")
            #expect(try await board.balance(of: P.e1) == 100)
            #expect(try await board.get("/orders/\(order)", as: P.customer).json["status"] == "closed_no_response")
            #expect(try await board.get("/users/me", as: P.customer).json["is_blocked"] == true)
            #expect(try await board.post("/orders", as: P.customer, Board.order()).code == "user_blocked")
            #expect(try await board.post(path + "/unblock", as: Self.moderator, ["reason": "Разобрались"]).status == 200)
            #expect(try await board.post("/orders", as: P.customer, Board.order()).status == 201)
            // Staff are not a moderator's to block, and nobody blocks himself.
            #expect(try await board.post("/admin/users/9002/block", as: Self.moderator, ["reason": "abc"]).code == "staff_only")
            #expect(try await board.post("/admin/users/9002/block", as: Self.admin, ["reason": "abc"]).code == "own_account")
            #expect(try await board.post("/admin/users/9001/block", as: Self.admin, ["reason": "abc"]).status == 200)
            #expect(try await board.get("/admin/users", as: Self.moderator).code == "user_blocked")
            #expect(try await board.post("/admin/users/2001/block", as: Self.moderator, ["reason": "abc"]).code == "user_blocked")
        }
    }

    @Test func rolesAreGivenByOthersAndOneAdministratorRemains() async throws {
        try await withStaff { board in
            try await board.setRole(.admin, of: Self.second)
            @Sendable func role(_ name: String) -> JSONValue { ["role": .string(name), "reason": "Смена"] }
            #expect(try await board.send("PUT", "/admin/users/9002/role", as: Self.admin, role("user")).code == "own_account")
            #expect(try await board.send("PUT", "/admin/users/2001/role", as: Self.admin, role("boss")).status == 422)
            #expect(try await board.send("PUT", "/admin/users/2001/role", as: Self.admin, role("moderator")).status == 200)
            #expect(try await board.send("PUT", "/admin/users/2001/role", as: Self.admin, role("moderator")).code == "already_done")
            #expect(try await board.get("/admin/users?role=moderator", as: P.e1).json["total"] == 2)
            // Two demote each other at the same moment: one of them is refused.
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for (one, other) in [(Self.admin, Self.second), (Self.second, Self.admin)] {
                    group.addTask { try await board.send("PUT", "/admin/users/\(other)/role", as: one, role("user")).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(answers == [200, 403])
            #expect(try await board.count("select count(*) from urgent.users where role = 'admin'") == 1)
        }
    }

    @Test func peopleAreFoundAndShownInFull() async throws {
        try await withStaff { board in
            let order = try await board.completedOrder(takenBy: P.e1)
            _ = try await board.complain(of: order, by: P.e1)
            let customer = try await board.get("/admin/users/1001", as: Self.moderator).json
            #expect(customer["complaints_count"] == 1 && customer["completed_orders"] == 1 && customer["transactions"]?.isNull == true)
            #expect(customer["orders"]?[0]?["id"] == .string(order) && customer["complaints"]?[0]?["executor_id"] == 2001)
            let executor = try await board.get("/admin/users/2001", as: Self.admin).json
            #expect(executor["takes_count"] == 1 && executor["balance"] == 98 && executor["blocked_at"]?.isNull == true)
            #expect(executor["transactions"]?[0]?["type"] == "order_take" && executor["transactions"]?[0]?["amount"] == -2)
            for (query, total) in [
                ("", 7), ("?q=user2001", 1), ("?q=2001", 1), ("?q=%D0%98%D0%B2%D0%B0", 7), ("?q=nobody", 0), ("?role=admin", 1),
                ("?blocked=true", 0), ("?blocked=0&role=user", 5),
            ] {
                let list = try await board.get("/admin/users" + query, as: Self.moderator).json
                #expect(list["total"] == .number("\(total)"), "\(query): \(list)")
            }
        }
    }

    // MARK: Money

    /// Scenario 41: moderators adjust no balance, and none falls below nought.
    @Test func balancesAreCorrectedInTheLedger() async throws {
        try await withStaff { board in
            let path = "/admin/users/2001/balance"
            let low = try await board.post(path, as: Self.admin, ["amount": -200, "reason": "Ошибка"])
            #expect(low.status == 409 && low.code == "insufficient_balance", "\(low.text)")
            for amount in [JSONValue.number("0"), .number("1.5"), "1", .number("100001"), .number("-100001")] {
                #expect(try await board.post(path, as: Self.admin, ["amount": amount, "reason": "Ошибка"]).status == 422)
            }
            let more = try await board.post(path, as: Self.admin, ["amount": 50, "reason": "Подарок"])
            #expect(more.text == #"{"success":true,"new_balance":150}"#, "\(more.text)")
            #expect(try await board.post(path, as: Self.admin, ["amount": -150, "reason": "Ошибка"]).json["new_balance"] == 0)
            let order = try await board.newOrder()
            _ = try await board.take(order, by: P.e2)
            _ = try await board.post("/orders/\(order)/close", as: P.customer)
            // What was given to them at first nobody outside has paid, and both see it so.
            let given = try await board.get("/admin/transactions?type=recharge&user_id=2001", as: Self.admin).json["items"]?[0]
            let seen = try await board.get("/balance/transactions?type=recharge", as: P.e1).json["transactions"]?[0]
            #expect(given?["payment_method"] == "dev" && seen?["payment_method"] == "dev", "\(String(describing: given))")

            let all = try await board.get("/admin/transactions?type=adjustment&user_id=2001", as: Self.admin).json
            #expect((all["items"]?.array ?? []).compactMap { $0["amount"] } == [-150, 50], "\(all)")
            let newest = all["items"]?[0]
            #expect(newest?["created_by"] == 9002 && newest?["balance_after"] == 0 && newest?["description"] == "Ошибка")
            #expect(newest?["payment_method"] == "admin" && newest?["user_id"] == 2001)
            for (query, total) in [("?type=order_take", 1), ("?type=refund", 1), ("?type=recharge", 5), ("?type=payment_refund", 0), ("?from=2099-01-01", 0)] {
                let list = try await board.get("/admin/transactions" + query, as: Self.admin).json
                #expect(list["total"] == .number("\(total)"), "\(query): \(list)")
            }
            let refund = try await board.get("/admin/transactions?type=refund", as: Self.admin).json["items"]?[0]
            #expect(refund?["order_id"] == .string(order) && refund?["amount"] == 2 && refund?["user_id"] == 2002)
            let news = try await board.database.all(
                Statement<String>("select data::text from api.outbox where event = 'urgent.balance_changed' order by id"))
            #expect(news.count == 2 && news[0].contains("\"delta\": 50"), "\(news)")
        }
    }

    /// A correction whose answer was lost is sent again by its key: it is made once.
    @Test func aCorrectionIsMadeOnceByItsKey() async throws {
        try await withStaff { board in
            @Sendable func correct(_ amount: Int, of user: Int = P.e1, key: String = "k-1", by admin: Int = Self.admin) async throws -> TestAnswer {
                try await board.send(
                    "POST", "/admin/users/\(user)/balance", as: admin, ["amount": .number("\(amount)"), "reason": "Подарок"],
                    fields: ["Idempotency-Key": key])
            }
            let answers = try await race(4) { _ in try await correct(50) }
            #expect(answers.allSatisfy { $0.status == 200 && $0.json["new_balance"] == 150 }, "\(answers.map(\.text))")
            #expect(try await board.balance(of: P.e1) == 150)
            #expect(try await correct(5, key: "k-2").json["new_balance"] == 155)
            #expect(try await correct(50).json["new_balance"] == 150)
            for answer in [try await correct(51), try await correct(50, of: P.e2)] {
                #expect(answer.status == 409 && answer.code == "idempotency_conflict", "\(answer.text)")
            }
            #expect(try await correct(50, key: "no good!").status == 422)
            // Keys are each member's own.
            try await board.setRole(.admin, of: Self.second)
            #expect(try await correct(50, by: Self.second).json["new_balance"] == 205)
            #expect(try await board.get("/admin/audit-log?entity=user&entity_id=2001", as: Self.admin).json["total"] == 3)
            #expect(try await board.count("select count(*) from api.outbox where event = 'urgent.balance_changed'") == 3)
        }
    }
}
