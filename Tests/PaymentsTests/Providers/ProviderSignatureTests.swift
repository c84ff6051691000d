import Crypto
import Service
import Support
import Telemetry
import Testing
import Values

@testable import Payments

/// Bytes and codes as the houses' own libraries make them: signatures hold over the raw body, whatever is in it.
@Suite struct ProviderSignatureTests {
    private static let body = Array(#"{"id":"evt_1","type":"payment_intent.succeeded","note":"привет"}"#.utf8)

    private func parts() async throws -> OutsideParts {
        try await withDatabase(.empty) { database in
            OutsideParts(client: try TestLoops.client(), database: database, metrics: MetricRegistry(loops: 2), log: .silent)
        }
    }

    @Test func stripe() {
        let signature = StripeSignature(secret: "whsec_abc")
        let code = "5e88313f451053aaf0eab50a7efc671cf3fd444e5ab810b5d0e4fd590bfacb59"
        let now = Instant(secondsSince1970: 1_800_000_000)
        #expect(signature.isValid("t=1800000000,v1=\(code)", for: Self.body, now: now))
        #expect(!signature.isValid("t=1800000001,v1=\(code)", for: Self.body, now: now))
        #expect(!signature.isValid("t=1800000000,v1=\(code)", for: Self.body + [32], now: now))
    }

    @Test func razorpay() async throws {
        let keys = RazorpayKeys(id: "rzp_test_abc", secret: "rzp-secret", webhookSecret: "rzp-webhook")
        let provider = RazorpayProvider(keys, base: "http://127.0.0.1:1", through: try await parts())
        let code = "21ae1f23577b4f86c0315fb8376249b2fd7a30dd2a284df467a853a9592f8e6e"
        // Genuine, though it is no event of Razorpay's.
        let body = Self.body
        #expect(throws: PaymentProblem.signatureInvalid) {
            try provider.read(RawWebhook(body: body, fields: ["x-razorpay-signature": code]), now: .now)
        }
        let attempt = PaymentAttempt(
            id: .new(), paymentID: .new(), number: 1, provider: "razorpay", idempotencyKey: .v7(), orderID: "order_1",
            checkout: nil, amount: Money(minor: 1, currency: .inr))
        let checkout = "aa4879c06ff40810abcc6c0161b74e59af9c23fff5f366c5658adcac29f86d74"
        func vouches(_ order: String?, _ payment: String?, _ signature: String?) -> Bool {
            provider.vouches(
                for: CheckoutProof(orderID: order, paymentID: payment, signature: signature), of: attempt)
        }
        #expect(vouches("order_1", "pay_2", checkout) && vouches(nil, "pay_2", checkout) && vouches(nil, nil, nil))
        #expect(!vouches("order_2", "pay_2", checkout) && !vouches("order_1", "pay_3", checkout))
        #expect(!vouches("order_1", nil, checkout) && !vouches("order_1", "pay_2", String(checkout.dropLast())))
    }

    @Test(arguments: [
        ("1800000000000", 0, true), ("1800000000", 0, true), ("1800000000000", 300, true), ("1800000000000", 301, false),
        ("1800000000000", -301, false), ("99999999999999999999", 0, false), ("x", 0, false),
    ]) func cashfreesTime(_ time: String, _ seconds: Int, _ isTaken: Bool) async throws {
        let provider = CashfreeProvider(
            appID: "a", secret: "cf-secret", isLive: false, base: "http://127.0.0.1:1", through: try await parts())
        let body = Array(#"{"type":"X","data":{}}"#.utf8)
        let code = Base64.encode(HMACSHA256.authenticate(Array(time.utf8) + body, key: "cf-secret"))
        let webhook = RawWebhook(body: body, fields: ["x-webhook-signature": code, "x-webhook-timestamp": time])
        let now = Instant(secondsSince1970: 1_800_000_000) + .seconds(seconds)
        #expect(((try? provider.read(webhook, now: now)) != nil) == isTaken)
    }
}
