import JSON
import Postgres
import Service
import Support
import Testing

@testable import UrgentServices

@Suite struct ComplaintTests {
    private typealias P = Board.Person

    /// Scenario 28.
    @Test func anExecutorComplainsOnceOfAnOrderHeTook() async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2, P.e3, P.e4)
            let order = try await board.newOrder()
            for executor in [P.e1, P.e2, P.e3] { _ = try await board.take(order, by: executor) }
            let long = String(repeating: "о", count: 501)
            let rows: [(String, Int?, String, String, [(String, JSONValue)], Int, String?)] = [
                ("guest", nil, order, "Не отвечал", [], 401, "not_authenticated"),
                ("without a take", P.e4, order, "Не отвечал", [], 404, "not_taken_by_you"),
                ("customer", P.customer, order, "Не отвечал", [], 404, "not_taken_by_you"),
                ("unknown order", P.e1, "AAAAAAAAAAAA", "Не отвечал", [], 404, "not_taken_by_you"),
                ("no reason of ours", P.e1, order, "Грубость", [], 422, "validation_error"),
                ("a code", P.e1, order, "no_response", [], 422, "validation_error"),
                ("too many words", P.e1, order, "Другое", [("comment", .string(long))], 422, "validation_error"),
                ("while it is active", P.e1, order, "Не отвечал", [("comment", "")], 200, nil),
                ("again", P.e1, order, "Другое", [], 409, "already_complained"),
                ("another executor", P.e2, order, "Ложная информация", [("comment", "Адреса нет")], 200, nil),
            ]
            for (name, user, order, reason, more, status, code) in rows {
                let answer = try await board.complain(of: order, reason, by: user, more)
                #expect(answer.status == status && answer.code == code, "\(name): \(answer.text)")
                if status == 200 { #expect(answer.json["success"] == true && answer.json["complaint_id"]?.number != nil) }
            }
            let kept = try await board.database.all(
                Statement<String>(
                    "select complaint || ' ' || client_id || ' ' || coalesce(comment, '-') from urgent.executor_complaints order by id"))
            #expect(kept == ["no_response 1001 -", "false_info 1001 Адреса нет"])
            // It moves no money.
            #expect(try await board.balance(of: P.e1) == 98)
            try await board.age(order, minutes: 61)
            #expect(try await board.complain(of: order, "Отменил заказ", by: P.e3).status == 200)
        }
    }

    /// Five times at once is once.
    @Test func aComplaintIsMadeOnce() async throws {
        try await withBoard { board in
            try await board.gather(P.e1)
            let order = try await board.completedOrder(takenBy: P.e1)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await board.complain(of: order, by: P.e1).status } }
                var answers: [Int: Int] = [:]
                for try await status in group { answers[status, default: 0] += 1 }
                #expect(answers == [200: 1, 409: 4])
            }
        }
    }

    @Test func whoIsBlockedSaysNothing() async throws {
        try await withBoard { board in
            try await board.gather(P.e1)
            let order = try await board.completedOrder(takenBy: P.e1)
            try await board.database.execute(Command("update urgent.users set blocked_at = now() where id in (1001, 2001)"))
            #expect(try await board.rate(order, 5).code == "user_blocked")
            #expect(try await board.complain(of: order, by: P.e1).code == "user_blocked")
            #expect(try await board.get("/reviews/check?order_id=\(order)", as: P.e1).status == 200)
        }
    }
}
