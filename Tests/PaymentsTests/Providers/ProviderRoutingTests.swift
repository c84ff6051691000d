import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Payments

/// 0-platform, scenarios 16 to 19.
@Suite struct ProviderRoutingTests {
    @Test(arguments: [(600_00, "razorpay"), (600_01, "cashfree"), (750_00, "cashfree"), (1_00, "razorpay")])
    func rupeesGoWhereTheyCostLess(_ paise: Int64, _ provider: String) async throws {
        try await withHouses { stage, houses in
            let (_, answer) = try await stage.begin(paise, .inr)
            #expect(answer.data["provider"]?.string == provider)
            #expect(answer.data["checkout"]?["kind"]?.string == "order")
            #expect(houses.razorpay.orders.count + houses.cashfree.orders.count == 1)
        }
    }

    @Test(arguments: [("cashfree", 14_25), ("razorpay", 15_00)]) func theFeeIsThePriceListsHalfUp(
        _ provider: String, _ fee: Int64
    ) async throws {
        try await withHouses { stage, houses in
            let invoice = try await stage.invoice(750_00, .inr)
            let answer = try await stage.order(invoice, provider: provider)
            let id = try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) })
            for order in houses.razorpay.orders { _ = houses.razorpay.pay(order) }
            for order in houses.cashfree.orders { houses.cashfree.pay(order) }
            try await stage.payments.settle(id)
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.fee == fee && payment.provider == provider)
            #expect(try await stage.balance(.fees(.inr)) == -fee)
            #expect(try await stage.balance(.clearing(provider, .inr)) == fee - 750_00)
            #expect(try await stage.balance(.payable(stage.world.company, .inr)) == 712_50)
        }
    }

    @Test(arguments: [
        EmulatedAnswer.empty(503), .empty(500), .empty(429), .empty(401), .empty(403),
    ]) func whatFailsIsTriedAtTheOtherOnce(_ fault: EmulatedAnswer) async throws {
        try await withHouses { stage, houses in
            houses.cashfree.fail(fault)
            let (id, answer) = try await stage.begin(750_00, .inr)
            #expect(answer.data["provider"]?.string == "razorpay")
            #expect(answer.data["status"]?.string == "pending")
            #expect(houses.razorpay.orders.count == 1 && houses.cashfree.orders.isEmpty)
            let open: SQL = "select count(*) from payments.attempts where status in ('created', 'pending', 'unknown')"
            #expect(try await stage.count(open) == 1)
            let reference = try await stage.payment(id).reference
            #expect(houses.razorpay.service.seen.last?.json["receipt"]?.string == reference, "the same reference")
        }
    }

    @Test func bothDownIs503AndNothingEnds() async throws {
        try await withHouses { stage, houses in
            let invoice = try await stage.invoice(750_00, .inr)
            houses.cashfree.fail(.empty(503))
            houses.razorpay.fail(.empty(502))
            let refused = try await stage.order(invoice, key: "k")
            #expect(refused.status == 503 && refused.code == "provider_unavailable" && refused.field("retry-after") != nil)
            #expect(try await stage.count("select count(*) from payments.payments where status = 'created'") == 1)
            #expect(try await stage.count("select count(*) from api.outbox where event like 'payment.%'") == 0)
            houses.razorpay.fail(nil)
            let again = try await stage.order(invoice, key: "k")
            #expect(again.status == 201 && again.data["provider"]?.string == "razorpay", "\(again.text)")
            #expect(try await stage.count("select count(*) from payments.payments") == 1)
        }
    }

    @Test func aProviderThatIsDownIsNotAskedAnyMore() async throws {
        try await withHouses { stage, houses in
            houses.cashfree.fail(.empty(503))
            for period in 1...7 {
                let invoice = try await stage.invoice(750_00, .inr, period: "2026-0\(period)")
                #expect(try await stage.order(invoice).data["provider"]?.string == "razorpay")
            }
            #expect(houses.cashfree.service.seen.count == 5)
            houses.cashfree.fail(nil)
            stage.server.clock.advance(by: .seconds(61))
            let invoice = try await stage.invoice(750_00, .inr, period: "2026-08")
            #expect(try await stage.order(invoice).data["provider"]?.string == "cashfree")
        }
    }

    /// Scenario 17: made, and its answer lost.
    @Test func anOrderWhoseAnswerWasLostIsFoundAndGoesOn() async throws {
        try await withHouses { stage, houses in
            houses.cashfree.fail(.brokenOff, doingFirst: true)
            let (id, answer) = try await stage.begin(750_00, .inr)
            #expect(answer.data["provider"]?.string == "cashfree" && answer.data["status"]?.string == "pending")
            #expect(answer.data["checkout"]?["token"]?.string?.hasPrefix("session_ORD_") == true)
            #expect(houses.cashfree.orders.count == 1 && houses.razorpay.orders.isEmpty)
            #expect(try await stage.payment(id).state.status == .pending)
        }
    }

    @Test func anOrderThatWasCertainlyNotMadeGoesToTheOther() async throws {
        try await withHouses { stage, houses in
            houses.cashfree.fail(.brokenOff)
            let (_, answer) = try await stage.begin(750_00, .inr)
            #expect(answer.data["provider"]?.string == "razorpay")
            #expect(houses.cashfree.orders.isEmpty && houses.razorpay.orders.count == 1)
        }
    }

    @Test func whatNobodyCanSayStaysUnknownAndNoSecondOrderIsMade() async throws {
        try await withHouses { stage, houses in
            houses.cashfree.fail(.brokenOff, doingFirst: true, everywhere: true)
            let invoice = try await stage.invoice(750_00, .inr)
            let answer = try await stage.order(invoice)
            #expect(answer.status == 201 && answer.data["status"]?.string == "unknown", "\(answer.text)")
            #expect(answer.data["checkout"]?["kind"]?.string == "none")
            let again = try await stage.order(invoice)
            #expect(again.status == 200 && again.data["status"]?.string == "unknown", "\(again.text)")
            #expect(houses.razorpay.orders.isEmpty)
            houses.cashfree.fail(nil)
            stage.server.clock.advance(by: .seconds(61))
            try await stage.payments.check()
            let later = try await stage.order(invoice)
            #expect(later.status == 200 && later.data["status"]?.string == "pending", "\(later.text)")
            #expect(later.data["checkout"]?["orderId"]?.string == houses.cashfree.orders.first)
            #expect(houses.cashfree.orders.count == 1 && houses.razorpay.orders.isEmpty)
        }
    }

    @Test func anotherAmountIsRefusedBeforeAnybodyIsAsked() async throws {
        try await withHouses { stage, houses in
            let invoice = try await stage.invoice(3000_00, .inr)
            let answer = try await stage.order(invoice, amount: "3000.01")
            #expect(answer.status == 409 && answer.json["expected"] == .number("3000"), "\(answer.text)")
            #expect(houses.cashfree.service.seen.isEmpty && houses.razorpay.service.seen.isEmpty)
        }
    }

    /// Scenario 19.
    @Test func fiveAtOnceMakeOneOrder() async throws {
        try await withHouses { stage, houses in
            let invoice = try await stage.invoice(100_00, .inr)
            let answers = try await race(5) { _ in try await stage.order(invoice) }
            #expect(answers.map(\.status).sorted() == [200, 200, 200, 200, 201], "\(answers.map(\.text))")
            #expect(Set(answers.compactMap { $0.data["id"]?.string }).count == 1)
            #expect(houses.razorpay.orders.count == 1)
        }
    }

    @Test(arguments: [("eur", "stripe"), ("rub", "yookassa"), ("dzd", "sandbox")]) func theCurrencyChooses(
        _ currency: String, _ provider: String
    ) async throws {
        try await withHouses { stage, _ in
            let (_, answer) = try await stage.begin(100_00, try #require(Currency(currency.uppercased())))
            #expect(answer.data["provider"]?.string == provider)
        }
    }

    @Test func whoAsksForAProviderGetsItOrIsRefused() async throws {
        try await withHouses { stage, houses in
            let invoice = try await stage.invoice(100_00, .inr)
            #expect(try await stage.order(invoice, provider: "stripe").data["provider"]?.string == "stripe")
            let other = try await stage.invoice(100_00, .inr, period: "2026-06")
            let refused = try await stage.order(other, provider: "yookassa")
            #expect(refused.status == 503 && refused.code == "payments_not_configured", "\(refused.text)")
            houses.cashfree.fail(.empty(503))
            let third = try await stage.invoice(100_00, .inr, period: "2026-05")
            #expect(try await stage.order(third, provider: "cashfree").status == 503, "no other is asked instead")
        }
    }

    @Test func whatAProviderRefusesHasFailed() async throws {
        try await withHouses { stage, houses in
            houses.razorpay.fail(.json(["error": ["code": "BAD_REQUEST_ERROR", "description": "no"]], status: 400))
            let invoice = try await stage.invoice(100_00, .inr)
            let refused = try await stage.order(invoice)
            #expect(refused.status == 422 && refused.code == "provider_refused", "\(refused.text)")
            #expect(try await stage.count("select count(*) from payments.payments where status = 'failed'") == 1)
            houses.razorpay.fail(nil)
            #expect(try await stage.order(invoice).status == 201)
        }
    }
}
