import Invoices
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

/// Requests that end between a provider and us: the answer is lost, or the process is gone. Nothing is begun twice, and no
/// order is left at the provider that we know nothing of.
@Suite struct InterruptionTests {
    /// As after a kill before the answer was kept, a minute later.
    private func forgetAnswers(_ stage: PaymentStage) async throws {
        try await stage.server.database.execute(
            Command(
                """
                update api.idempotency_keys
                   set status = null, content_type = null, location = null, response = null, claimed_until = now()
                """))
    }

    private func send(_ stage: PaymentStage, _ path: String, _ key: String, body: JSONValue? = nil) async throws -> TestAnswer {
        try await stage.server.send("POST", path, token: "resident", fields: ["Idempotency-Key": key], body: body)
    }

    @Test func anOrderWhoseAnswerWasLostIsFoundAgain() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            stage.world.line.fail(.open, .afterIt)
            #expect(try await stage.order(invoice, key: "k").status == 500)
            #expect(try await stage.count("select count(*) from payments.payments where status = 'created'") == 1)
            #expect(try await stage.count("select count(*) from payments.sandbox_orders") == 1)
            stage.world.line.mend()
            let again = try await stage.order(invoice, key: "k")
            #expect(again.status == 201 && again.field("idempotency-replayed") == nil, "\(again.text)")
            #expect(again.data["status"] == "pending" && again.data["checkout"]?["url"]?.string != nil)
            #expect(try await stage.count("select count(*) from payments.payments") == 1)
            #expect(try await stage.count("select count(*) from payments.sandbox_orders") == 1)
            let replayed = try await stage.order(invoice, key: "k")
            #expect(replayed.field("idempotency-replayed") == "true" && replayed.text == again.text)
        }
    }

    @Test func anotherRequestGoesOnWithAnOpenPaymentThatHasNoOrder() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            stage.world.line.fail(.open, .beforeIt)
            #expect(try await stage.order(invoice).status == 500)
            stage.world.line.mend()
            let other = try await stage.order(invoice)
            #expect(other.status == 200 && other.data["checkout"]?["url"]?.string != nil, "\(other.text)")
            #expect(try await stage.count("select count(*) from payments.payments") == 1)
        }
    }

    /// A provider that is gone for good is not asked for ever.
    @Test func whatNobodyAnswersIsLeftToStaff() async throws {
        try await withPayments { stage in
            let answer = try await stage.order(try await stage.invoice(100_00))
            #expect(answer.status == 201)
            stage.world.line.fail(.status, .beforeIt)
            stage.server.clock.advance(by: .hours(47))
            try await stage.payments.check()
            #expect(try await stage.count("select count(*) from payments.attempts where next_check_at is not null") == 1)
            stage.server.clock.advance(by: .hours(2))
            try await stage.payments.check()
            #expect(try await stage.count("select count(*) from payments.attempts where next_check_at is not null") == 0)
            #expect(try await stage.count("select count(*) from payments.payments where status = 'pending'") == 1)
        }
    }

    @Test func whatNobodyComesBackForEnds() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            stage.world.line.fail(.open, .beforeIt)
            #expect(try await stage.order(invoice).status == 500)
            stage.world.line.mend()
            stage.server.clock.advance(by: .seconds(31))
            try await stage.payments.check()
            #expect(try await stage.count("select count(*) from payments.payments where status = 'failed'") == 1)
            #expect(try await stage.order(invoice).status == 201)
        }
    }

    @Test func aKillBeforeTheAnswerBeginsNothingASecondTime() async throws {
        try await withPayments { stage in
            let invoice = try await stage.invoice(100_00)
            let first = try await stage.order(invoice, key: "k")
            try await forgetAnswers(stage)
            let second = try await stage.order(invoice, key: "k")
            #expect(second.status == 201 && second.data["id"] == first.data["id"], "\(second.text)")
            #expect(stage.world.line.count(.open) == 1)

            let id = try #require(first.data["id"]?.string)
            let given = try await send(stage, "/api/v1/payments/\(id)/cancel", "c")
            #expect(given.status == 200, "\(given.text)")
            try await forgetAnswers(stage)
            let again = try await send(stage, "/api/v1/payments/\(id)/cancel", "c")
            #expect(again.status == 200 && again.data["status"] == "cancelled", "\(again.text)")
            #expect(try await send(stage, "/api/v1/payments/\(id)/cancel", "d").code == "invalid_state")
            // The payment has ended; the key that began it still means it, and no new one.
            let third = try await stage.order(invoice, key: "k")
            #expect(third.data["id"]?.string == id)
        }
    }

    @Test func verifyingUnderAKeySettles() async throws {
        try await withPayments { stage in
            let (id, page) = try await stage.checkout(try await stage.invoice(100_00))
            _ = try await stage.choose("succeed", on: page)
            let body: JSONValue = ["paymentId": .string("\(id)")]
            stage.world.line.fail(.status, .afterIt)
            #expect(try await send(stage, "/api/v1/payments/verify", "v", body: body).status == 500)
            stage.world.line.mend()
            let verified = try await send(stage, "/api/v1/payments/verify", "v", body: body)
            #expect(verified.status == 200 && verified.data["status"] == "succeeded", "\(verified.text)")
        }
    }

    @Test func noProviderIsAskedInATransaction() async throws {
        try await withPayments { stage in
            let (id, _) = try await stage.checkout(try await stage.invoice(100_00))
            await #expect(throws: AskedInTransaction.self) {
                try await stage.server.database.transaction { _ in _ = try await stage.payments.settle(id) }
            }
            #expect(stage.world.line.count(.status) == 0)
        }
    }
}
