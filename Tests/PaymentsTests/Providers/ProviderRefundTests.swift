import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

/// Money on its way back through other houses: once, whatever is lost on the way.
@Suite struct ProviderRefundTests {
    private func paid(_ stage: PaymentStage, _ houses: Houses, _ house: String) async throws -> ID<Payment> {
        switch house {
        case "stripe":
            let (id, _) = try await stage.begin(100_00, .eur)
            houses.stripe.pay(try #require(houses.stripe.ids("pi_").first))
            try await stage.payments.settle(id)
            return id
        case "razorpay":
            let (id, _) = try await stage.begin(100_00, .inr)
            _ = houses.razorpay.pay(try #require(houses.razorpay.orders.first))
            try await stage.payments.settle(id)
            return id
        case "cashfree":
            let (id, _) = try await stage.begin(1000_00, .inr)
            houses.cashfree.pay(try #require(houses.cashfree.orders.first))
            try await stage.payments.settle(id)
            return id
        default:
            let (id, _) = try await stage.begin(100_00, .rub)
            houses.yooKassa.pay(try #require(houses.yooKassa.payments.first), income: "96.50")
            try await stage.payments.settle(id)
            return id
        }
    }

    private func end(_ houses: Houses, _ house: String, _ isWell: Bool?) {
        houses.stripe.refundsEnd(isWell.map { $0 ? "succeeded" : "failed" } ?? "pending")
        houses.razorpay.refundsEnd(isWell.map { $0 ? "processed" : "failed" } ?? "pending")
        houses.cashfree.refundsEnd(isWell.map { $0 ? "SUCCESS" : "FAILED" } ?? "PENDING")
        houses.yooKassa.refundsEnd(isWell.map { $0 ? "succeeded" : "canceled" } ?? "pending")
    }

    private func status(_ id: ID<Refund>, _ stage: PaymentStage) async throws -> RefundStatus {
        try await stage.payments.refund(id).state.status
    }

    @Test(arguments: ["stripe", "razorpay", "cashfree", "yookassa"]) func aPartAndThenTheRest(_ house: String) async throws {
        try await withHouses { stage, houses in
            let id = try await paid(stage, houses, house)
            let first = try await stage.giveBack("40", of: id)
            #expect(try await status(first, stage) == .succeeded)
            #expect(try await stage.payment(id).state.status == .partiallyRefunded)
            let rest = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "office", fields: ["Idempotency-Key": "\(UUID.v7())"],
                body: ["reason": "other"])
            #expect(rest.status == 201, "\(rest.text)")
            try await stage.work()
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .refunded)
            // The provider keeps its fee; all else is even.
            #expect(try await stage.balance(.clearing(house, payment.state.amount.currency)) == payment.fee)
            #expect(try await stage.balance(.payable(stage.world.company, payment.state.amount.currency)) == 0)
        }
    }

    /// Refused, and tried again under another key; the first key is looked up before.
    @Test(arguments: ["stripe", "razorpay", "cashfree", "yookassa"]) func whatWasRefusedIsTriedAgain(_ house: String) async throws {
        try await withHouses { stage, houses in
            let id = try await paid(stage, houses, house)
            end(houses, house, false)
            let refund = try await stage.giveBack("40", of: id)
            #expect(try await status(refund, stage) == .failed)
            end(houses, house, true)
            let path = "/api/v1/payments/refunds/\(refund)/retry"
            #expect(try await stage.server.send("POST", path, token: "office").status == 200)
            try await stage.work()
            #expect(try await status(refund, stage) == .succeeded)
            #expect(try await stage.payment(id).state.refunded == 40_00)
        }
    }

    @Test func whatIsPendingIsAskedAboutUntilItEnds() async throws {
        try await withHouses { stage, houses in
            let id = try await paid(stage, houses, "razorpay")
            end(houses, "razorpay", nil)
            let refund = try await stage.giveBack("40", of: id)
            #expect(try await status(refund, stage) == .processing)
            try await stage.payments.pollRefunds()
            #expect(try await status(refund, stage) == .processing)
            houses.razorpay.finishRefunds("processed")
            try await stage.payments.pollRefunds()
            #expect(try await status(refund, stage) == .succeeded)
            #expect(houses.razorpay.refunds == 1)
        }
    }

    /// The answer was lost and the job runs again: found, and not sent twice.
    @Test func aLostAnswerSendsNothingTwice() async throws {
        try await withHouses { stage, houses in
            let id = try await paid(stage, houses, "yookassa")
            houses.yooKassa.loseAnswers(true)
            let answer = try await stage.server.send(
                "POST", "/api/v1/payments/\(id)/refund", token: "office", fields: ["Idempotency-Key": "k"],
                body: ["amount": 40, "reason": "other"])
            let refund = try #require(answer.data["id"]?.string.flatMap { ID<Refund>($0) })
            await #expect(throws: OutsideFailure.self) { try await stage.payments.process(refund) }
            #expect(try await status(refund, stage) == .processing)
            houses.yooKassa.loseAnswers(false)
            try await stage.payments.process(refund)
            #expect(try await status(refund, stage) == .succeeded)
            #expect(houses.yooKassa.refunds == 1)
        }
    }

    /// Marked failed once, and paid after all: staff ask, and it is booked; nothing is sent.
    @Test func staffAskAboutARefundThatHadFailed() async throws {
        try await withHouses { stage, houses in
            let id = try await paid(stage, houses, "razorpay")
            let refund = try await stage.giveBack("40", of: id)
            let second = try await stage.giveBack("60", of: id)
            #expect(houses.razorpay.refunds == 2)
            // As a version before this one left it: paid there, failed here.
            end(houses, "razorpay", false)
            let path = "/api/v1/payments/refunds/\(second)/check"
            #expect(try await stage.server.send("POST", path, token: "resident").status == 404)
            #expect(try await stage.server.send("POST", path, token: "stranger").status == 404)
            #expect(try await stage.server.send("POST", path).status == 401)
            #expect(try await stage.server.send("POST", path, token: "office").data["status"]?.string == "succeeded")
            _ = refund
        }
    }

    @Test func aRefundThatHadFailedAndWasPaidIsBookedOnce() async throws {
        try await withHouses { stage, houses in
            let id = try await paid(stage, houses, "razorpay")
            end(houses, "razorpay", nil)
            let refund = try await stage.giveBack("40", of: id)
            try await stage.payments.fail(refund, because: "as before this version")
            #expect(try await status(refund, stage) == .failed)
            houses.razorpay.finishRefunds("processed")
            let path = "/api/v1/payments/refunds/\(refund)/check"
            let answers = try await race(4) { _ in try await stage.server.send("POST", path, token: "office") }
            #expect(answers.allSatisfy { $0.data["status"]?.string == "succeeded" }, "\(answers.map(\.text))")
            #expect(try await stage.payment(id).state.refunded == 40_00)
            #expect(houses.razorpay.refunds == 1)
            #expect(try await stage.count("select count(*) from payments.transactions where kind = 'refund'") == 1)
        }
    }
}
