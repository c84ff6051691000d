import JSON
import Service
import Support
import Testing
import Values

@testable import Payments

@Suite struct PaymentReportTests {
    private func paid(_ cents: Int64, _ stage: PaymentStage, period: String = "2026-07") async throws -> ID<Payment> {
        let (id, page) = try await stage.checkout(try await stage.invoice(cents, period: period))
        _ = try await stage.choose("succeed", on: page)
        try await stage.payments.settle(id)
        return id
    }

    @Test func everyMovementIsExplained() async throws {
        try await withPayments { stage in
            let id = try await paid(100_00, stage)
            _ = try await stage.giveBack("40", of: id)
            let list = try await stage.server.send("GET", "/api/v1/payments/transactions?limit=1", token: "office")
            #expect(list.data[0]?["kind"]?.string == "refund", "\(list.text)")
            let cursor = try #require(list.meta["nextCursor"]?.string)
            let next = try await stage.server.send(
                "GET", "/api/v1/payments/transactions?limit=1&cursor=\(cursor)", token: "office")
            #expect(next.data[0]?["kind"]?.string == "payment" && next.meta["nextCursor"]?.isNull == true, "\(next.text)")
            let transaction = try #require(next.data[0]?["id"]?.string)
            let one = try await stage.server.send("GET", "/api/v1/payments/transactions/\(transaction)", token: "office")
            let amounts = one.data["postings"]?.array?.compactMap { $0["amount"]?.number } ?? []
            #expect(amounts.compactMap { $0.raw(decimals: 2) }.sorted() == [-100_00, 5_00, 95_00], "\(one.text)")
            for (token, status) in [(nil, 401), ("resident", 403), ("stranger", 404), ("root", 200)] as [(String?, Int)] {
                let answer = try await stage.server.send("GET", "/api/v1/payments/transactions/\(transaction)", token: token)
                #expect(answer.status == status, "\(token ?? "guest"): \(answer.text)")
            }
            let none = try await stage.server.send("GET", "/api/v1/payments/transactions", token: "stranger")
            #expect(none.data.array?.isEmpty == true, "\(none.text)")
            func count(_ filter: String) async throws -> Int? {
                try await stage.server.send("GET", "/api/v1/payments/transactions?\(filter)", token: "root").data.array?.count
            }
            #expect(try await count("kind=refund") == 1)
            #expect(try await count("objectId=\(id)") == 1)
            #expect(try await count("unit=EUR&minAmount=95&maxAmount=100") == 1)
            #expect(try await count("unit=EUR&minAmount=100.01") == 0)
            #expect(try await count("ownerId=\(stage.world.company.id!)") == 2)
            let unit = try await stage.server.send("GET", "/api/v1/payments/transactions?minAmount=1", token: "root")
            #expect(unit.status == 422 && unit.refusedFields == ["unit"])
            let file = try await stage.server.send("GET", "/api/v1/payments/transactions/export", token: "office")
            #expect(file.text.split(separator: "\r\n").count == 3 && file.text.contains("commission EUR +5.00"), "\(file.text)")
            #expect(try await stage.count("select count(*) from identity.audit_logs where action = 'transactions_exported'") == 1)
        }
    }

    @Test func theFigures() async throws {
        try await withPayments { stage in
            let id = try await paid(100_00, stage)
            _ = try await stage.giveBack("40", of: id)
            _ = try await stage.checkout(try await stage.invoice(20_00, period: "2026-06"))
            let (_, page) = try await stage.checkout(try await stage.invoice(7_00, period: "2026-05"))
            _ = try await stage.choose("fail", on: page)
            _ = try await stage.deliver()
            try await stage.work()
            let path = "/api/v1/payments/stats?currency=EUR"
            let stats = try await stage.server.send("GET", path, token: "office")
            for (name, value) in [("collected", "100.00"), ("refunded", "40.00"), ("pending", "20.00"), ("failed", "7.00"), ("fees", "0.00")] {
                #expect(stats.data[name] == .number(value), "\(name): \(stats.text)")
            }
            #expect(stats.data["count"]?.int == 3)
            #expect(stats.data["byProvider"]?[0]?["name"]?.string == "sandbox", "\(stats.text)")
            #expect(stats.data["byDay"]?[0]?["collected"] == .number("100.00"))
            let others = try await stage.server.send("GET", path, token: "stranger")
            #expect(others.data["count"]?.int == 0, "\(others.text)")
            for (token, status) in [(nil, 401), ("resident", 403)] as [(String?, Int)] {
                #expect(try await stage.server.send("GET", path, token: token).status == status)
                #expect(try await stage.server.send("GET", "/api/v1/payments/export", token: token).status == status)
            }
            let long = try await stage.server.send("GET", path + "&from=2024-01-01&to=2025-06-01", token: "office")
            #expect(long.status == 422 && long.refusedFields == ["from"])
            let file = try await stage.server.send("GET", "/api/v1/payments/export?status=pending", token: "office")
            #expect(file.text.split(separator: "\r\n").count == 2 && file.text.contains(",20.00,"), "\(file.text)")
            #expect(try await stage.count("select count(*) from identity.audit_logs where action = 'payments_exported'") == 1)
        }
    }

    @Test func whatClientsMayKnow() async throws {
        try await withHouses { stage, _ in
            let answer = try await stage.server.send("GET", "/api/v1/payments/config?currency=INR", token: "resident")
            #expect(answer.data["breakEven"] == .number("600.00"), "\(answer.text)")
            let names = answer.data["providers"]?.array?.compactMap { $0["name"]?.string } ?? []
            #expect(names == ["stripe", "razorpay", "cashfree", "sandbox"])
            #expect(answer.data["providers"]?[1]?["publicKey"]?.string == "rzp_test_abc")
            #expect(!answer.text.contains("secret"))
            #expect(try await stage.server.send("GET", "/api/v1/payments/config?currency=INR").status == 401)
        }
    }
}
