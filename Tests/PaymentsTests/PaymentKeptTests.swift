import JSON
import Support
import Testing
import Values

@testable import Payments

/// Payments in the cache: never another's, never older than the last change, whoever made it.
@Suite struct PaymentKeptTests {
    private func get(_ stage: PaymentStage, _ path: String, as token: String = "resident") async throws -> TestAnswer {
        try await stage.server.send("GET", "/api/v1/payments" + path, token: token)
    }

    @Test func theListIsKeptForItsPayerUntilHisPaymentsChange() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(1000))
            #expect(try await get(stage, "").field("x-cache") == "MISS")
            let open = try await get(stage, "")
            #expect(open.field("x-cache") == "HIT" && open.data.array?.first?["status"] == "pending")
            for staff in ["office", "root", "elsewhere"] {
                for _ in 0..<2 { #expect(try await get(stage, "", as: staff).field("x-cache") == "BYPASS", "\(staff)") }
            }
            for other in ["flatmate", "neighbour"] {
                let own = try await get(stage, "", as: other)
                #expect(own.field("x-cache") == "MISS" && own.meta["total"] == 0, "\(other)")
            }
            // Changed by a job, which no request of the payer is part of.
            _ = try await stage.choose("succeed", on: page)
            _ = try await stage.deliver()
            try await stage.work()
            let paid = try await get(stage, "")
            #expect(paid.field("x-cache") == "MISS" && paid.data.array?.first?["status"] == "succeeded")
            #expect(try await get(stage, "", as: "flatmate").field("x-cache") == "HIT", "another's payment is none of his")
            _ = try await stage.checkout(try await stage.invoice(2000, period: "2026-08"))
            #expect(try await get(stage, "").meta["total"] == 2)
            #expect(try await get(stage, "?status=succeeded").meta["total"] == 1)
            #expect(try await get(stage, "/\(id)").data["status"] == "succeeded")
        }
    }

    @Test func onePaymentIsKeptOnceItHasEndedAndDroppedByEachRefund() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(1000))
            for _ in 0..<2 { #expect(try await get(stage, "/\(id)").field("x-cache") == "BYPASS", "still open") }
            _ = try await stage.choose("succeed", on: page)
            _ = try await stage.deliver()
            try await stage.work()
            #expect(try await get(stage, "/\(id)").field("x-cache") == "MISS")
            #expect(try await get(stage, "/\("\(id)".uppercased())").field("x-cache") == "MISS", "another path")
            #expect(try await get(stage, "/\(id)").field("x-cache") == "HIT")
            #expect(try await get(stage, "/\(id)", as: "flatmate").status == 404)
            #expect(try await get(stage, "/\(id)", as: "office").field("x-cache") == "BYPASS")

            func shown(_ path: String) async throws -> String? {
                try await get(stage, path).data["refunds"]?.array?.last?["status"]?.string
            }
            func changes(_ status: String) async throws {
                for path in ["/\(id)", "/\("\(id)".uppercased())"] { #expect(try await shown(path) == status) }
                #expect(try await get(stage, "").data.array?.first?["refunds"]?.array?.last?["status"]?.string == status)
                #expect(try await get(stage, "/\(id)").field("x-cache") == "HIT")
            }
            let asked = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "resident", fields: ["Idempotency-Key": "r1"],
                body: ["amount": 4, "reason": "other"])
            #expect(asked.status == 201, "\(asked.text)")
            try await changes("requested")
            let refund = try #require(asked.data["id"]?.string)
            for (action, body, status) in [
                ("request-info", ["message": "Why do you ask for it back?"] as JSONValue, "info_requested"), ("approve", [:], "approved"),
            ] {
                let done = try await stage.server.send(
                    "POST", "/api/v1/payments/refunds/\(refund)/\(action)", token: "office",
                    fields: ["Idempotency-Key": action], body: body)
                #expect(done.status == 200, "\(action): \(done.text)")
                try await changes(status)
            }
            try await stage.work()
            try await changes("succeeded")
            #expect(try await get(stage, "/\(id)").data["status"] == "partially_refunded")
        }
    }
}
