import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import UrgentServices

@Suite struct StatisticsTests {
    private typealias P = Board.Person
    private static let moderator = 9001, admin = 9002

    @Test func figuresCountWhatHappened() async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2)
            try await board.setRole(.moderator, of: Self.moderator)
            try await board.setRole(.admin, of: Self.admin)
            let done = try await board.completedOrder(takenBy: P.e1, P.e2)
            let review = try await board.rate(done, 3).json["review_id"]?.number?.whole ?? 0
            _ = try await board.complain(of: done, by: P.e1)
            let untaken = try await board.newOrder(city: "Казань", category: "Электрика")
            try await board.age(untaken, minutes: 61)
            let silent = try await board.newOrder()
            _ = try await board.take(silent, by: P.e1)
            try await board.age(silent, minutes: 16)
            try await board.tick()
            let deleted = try await board.newOrder()
            #expect(try await board.send("DELETE", "/orders/\(deleted)", as: P.customer).status == 204)
            _ = try await board.newOrder()
            _ = try await board.post("/admin/users/2002/balance", as: Self.admin, ["amount": -10, "reason": "Ошибка"])
            _ = try await board.post("/admin/reviews/\(review)/hide", as: Self.admin, ["reason": "Ошибка"])
            _ = try await board.post("/admin/users/2001/block", as: Self.admin, ["reason": "Ошибка"])

            let stats = try await board.get("/admin/stats", as: Self.admin).json
            #expect(stats["users"] == ["total": 5, "new": 5, "blocked": 1, "notifications_enabled": 0], "\(stats)")
            #expect(
                stats["orders"] == [
                    "created": 5, "active_now": 1, "completed": 1, "expired": 1, "expired_without_take": 1,
                    "closed_no_response": 1, "deleted": 1,
                ], "\(stats)")
            // Of four orders that were not deleted one was taken twice and one once.
            #expect(stats["takes"]?["count"] == 3 && stats["takes"]?["per_order_avg"] == .number("0.75"), "\(stats)")
            #expect(stats["takes"]?["median_seconds_to_first_take"]?.number?.whole != nil, "\(stats)")
            #expect(stats["reviews"] == ["count": 1, "avg_rating": 0, "hidden": 1], "\(stats)")
            #expect(stats["complaints"] == ["open": 1, "accepted": 0, "rejected": 0])
            #expect(
                stats["money"] == [
                    "recharged": 300, "spent": 6, "refunded": 2, "adjusted": -10, "payments_pending": 0, "balance_total": 286,
                ], "\(stats)")
            #expect(stats["by_day"]?.array?.count == 30)
            let today = stats["by_day"]?.array?.last
            #expect(today?["orders"] == 5 && today?["takes"] == 3 && today?["recharged"] == 300, "\(stats)")
            #expect(stats["top_cities"]?[0] == ["city": "Москва", "orders": 3] && stats["top_cities"]?[1]?["city"] == "Казань")
            #expect(stats["top_categories"]?[0]?["category"] == "Сантехника")

            let moderators = try await board.get("/admin/stats", as: Self.moderator).json
            #expect(moderators["money"]?.isNull == true && moderators["orders"]?["created"] == 5)
            #expect(moderators["by_day"]?.array?.allSatisfy { $0["recharged"]?.isNull == true && $0["takes"]?.int != nil } == true)
        }
    }

    /// Days are Moscow's: three hours ahead of UTC.
    @Test func daysAreMoscows() async throws {
        try await withBoard { board in
            try await board.come(P.customer)
            try await board.setRole(.admin, of: Self.admin)
            for (at, day) in [("2025-03-01T20:59:59Z", "2025-03-01"), ("2025-03-01T21:00:00Z", "2025-03-02")] {
                let order = try await board.newOrder()
                try await board.database.execute(
                    Command("update urgent.orders set created_at = \(at)::timestamptz, expires_at = \(at)::timestamptz + interval '1 hour' where id = \(order)"))
                let stats = try await board.get("/admin/stats?from=\(day)&to=\(day)", as: Self.admin).json
                #expect(stats["orders"]?["created"] == 1 && stats["by_day"] == [["date": .string(day), "orders": 1, "takes": 0, "recharged": 0]], "\(stats)")
            }
            let rows: [(String, Int)] = [
                ("?from=2025-01-01&to=2026-01-01", 200), ("?from=2025-01-01&to=2026-01-02", 422), ("?from=2025-02-01&to=2025-01-01", 422),
                ("?to=2025-01-01", 200), ("?from=2025-02-30", 422), ("?from=1999-12-31", 200),
            ]
            for (query, status) in rows {
                #expect(try await board.get("/admin/stats" + query, as: Self.admin).status == status, "\(query)")
            }
        }
    }
}
