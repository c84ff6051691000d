import JSON
import Service
import Support
import Telemetry
import Testing
import Values

@testable import Payments

@Suite struct IndianProviderTests {
    @Test func aRazorpayOrderIsPaidAndHeardOf() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(500_00, .inr)
            let order = try #require(houses.razorpay.orders.first)
            #expect(answer.data["checkout"]?["orderId"]?.string == order)
            #expect(answer.data["checkout"]?["keyId"]?.string == "rzp_test_abc")
            let event = houses.razorpay.webhook("payment.captured", order: order, id: "ev_1")
            #expect(try await stage.hear("razorpay", event).status == 200)
            #expect(try await stage.payment(id).state.status == .pending, "it was told, and asked, and is not paid")
            _ = houses.razorpay.pay(order)
            let second = houses.razorpay.webhook("order.paid", order: order, id: "ev_2")
            for _ in 1...2 { #expect(try await stage.hear("razorpay", second).status == 200) }
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.fee == 10_00 && payment.method == "upi")
            #expect(try await stage.count("select count(*) from payments.webhook_events") == 2)
            var forged = second
            forged.fields["X-Razorpay-Signature"] = event.fields["X-Razorpay-Signature"]
            #expect(try await stage.hear("razorpay", forged).status == 401)
        }
    }

    /// What the checkout gave the client is checked against the payment's own order, and grants nothing by itself.
    @Test func theCheckoutsSignatureMustFit() async throws {
        try await withHouses { stage, houses in
            let (id, _) = try await stage.begin(500_00, .inr)
            let order = try #require(houses.razorpay.orders.first)
            let paid = houses.razorpay.pay(order, status: "authorized")
            let other = try await stage.begin(400_00, .inr)
            func proof(_ order: String, _ signature: String) -> [(name: String, value: JSONValue)] {
                [
                    ("providerOrderId", .string(order)), ("providerPaymentId", .string(paid.payment)),
                    ("signature", .string(signature)),
                ]
            }
            let flipped = String(paid.signature.reversed())
            for (payment, order, signature) in [(id, order, flipped), (id, "order_x", paid.signature), (other.id, order, paid.signature)] {
                let refused = try await stage.verify(payment, proof(order, signature))
                #expect(refused.status == 422 && refused.code == "signature_invalid", "\(refused.text)")
            }
            let verified = try await stage.verify(id, proof(order, paid.signature))
            #expect(verified.status == 200 && verified.data["status"]?.string == "succeeded", "captured: \(verified.text)")
            #expect(houses.razorpay.service.count("POST", "/v1/payments/\(paid.payment)/capture") == 1)
        }
    }

    @Test func aCashfreeOrderIsPaidAndHeardOf() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(750_00, .inr)
            let order = try #require(houses.cashfree.orders.first)
            #expect(answer.data["reference"]?.string == order)
            houses.cashfree.pay(order)
            let now = stage.server.clock.clock.now()
            let late = houses.cashfree.webhook("PAYMENT_SUCCESS_WEBHOOK", order: order, at: now - .seconds(301))
            #expect(try await stage.hear("cashfree", late).status == 401)
            let event = houses.cashfree.webhook("PAYMENT_SUCCESS_WEBHOOK", order: order, at: now)
            #expect(try await stage.hear("cashfree", (event.body + [32], event.fields)).status == 401)
            for _ in 1...2 { #expect(try await stage.hear("cashfree", event).status == 200) }
            let payment = try await stage.payment(id)
            #expect(payment.state.status == .succeeded && payment.fee == 14_25)
            #expect(try await stage.count("select count(*) from payments.webhook_events") == 1)
        }
    }

    @Test func aCashfreeOrderPaidWithAnotherAmountIsAnAlarm() async throws {
        try await withHouses { stage, houses in
            let (id, _) = try await stage.begin(750_00, .inr)
            houses.cashfree.pay(try #require(houses.cashfree.orders.first), amount: "749.99")
            try await stage.payments.settle(id)
            #expect(try await stage.payment(id).state.failure?.code == "amount_mismatch")
            #expect(try await stage.count("select count(*) from payments.transactions") == 0)
        }
    }

    @Test func givingUp() async throws {
        try await withHouses { stage, houses in
            for amount in [500_00, 750_00] as [Int64] {
                let (id, _) = try await stage.begin(amount, .inr)
                let answer = try await stage.server.send("POST", "/api/v1/payments/\(id)/cancel", token: "resident")
                #expect(answer.data["status"]?.string == "cancelled", "\(answer.text)")
            }
            // Razorpay cannot take its order back: what is paid on it later is late, and counts.
            let first = try #require(houses.razorpay.orders.first)
            _ = houses.razorpay.pay(first)
            _ = try await stage.hear("razorpay", houses.razorpay.webhook("order.paid", order: first, id: "ev_3"))
            #expect(try await stage.count("select count(*) from payments.payments where is_late") == 1)
        }
    }
}

@Suite struct YooKassaTests {
    @Test func aPaymentIsPaidAndHeardOf() async throws {
        try await withHouses { stage, houses in
            let (id, answer) = try await stage.begin(1000_00, .rub)
            let payment = try #require(houses.yooKassa.payments.first)
            #expect(answer.data["checkout"]?["url"]?.string == "https://yoomoney.test/\(payment)")
            // Scenario 21: from their address, while they say pending.
            let event = (houses.yooKassa.webhook("payment.succeeded", payment), [String: String]())
            #expect(try await stage.hear("yookassa", event).status == 200)
            #expect(try await stage.payment(id).state.status == .pending)
            houses.yooKassa.pay(payment, income: "965.00")
            let second = (houses.yooKassa.webhook("payment.waiting_for_capture", payment), [String: String]())
            #expect(try await stage.hear("yookassa", second).status == 200)
            let paid = try await stage.payment(id)
            #expect(paid.state.status == .succeeded && paid.fee == 35_00 && paid.method == "sbp")
        }
    }

    @Test func aForeignAddressIsRefused() async throws {
        let provider = YooKassaProvider(
            shopID: "1", secret: "test_x", networks: ProviderSettings.yooKassaNetworks.fallback.compactMap { Network($0) },
            base: "http://127.0.0.1:1", through: try await parts())
        let body = Array(#"{"event":"payment.succeeded","object":{"id":"x"}}"#.utf8)
        for (address, isTheirs) in [
            ("185.71.76.31", true), ("185.71.76.32", false), ("77.75.154.200", true), ("77.75.156.11", true),
            ("77.75.156.12", false), ("2a02:5180::1", true), ("127.0.0.1", false),
        ] {
            let notice = try? provider.read(RawWebhook(body: body, fields: [:], address: address), now: .now)
            #expect((notice != nil) == isTheirs, "\(address)")
        }
    }

    private func parts() async throws -> OutsideParts {
        try await withDatabase(.empty) { database in
            OutsideParts(
                client: try TestLoops.client(), database: database, metrics: MetricRegistry(loops: 2), log: .silent)
        }
    }

    @Test(arguments: [
        ("insufficient_funds", PaymentStatus.failed), ("expired_on_confirmation", .expired), ("canceled_by_merchant", .cancelled),
    ]) func theOtherEnds(_ reason: String, _ status: PaymentStatus) async throws {
        try await withHouses { stage, houses in
            let (id, _) = try await stage.begin(1000_00, .rub)
            houses.yooKassa.decline(try #require(houses.yooKassa.payments.first), reason: reason)
            try await stage.payments.settle(id)
            #expect(try await stage.payment(id).state.status == status)
        }
    }
}
