import Invoices
import JSON
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Payments

/// The four houses, emulated, and payments that go through them.
struct Houses: Sendable {
    let stripe: StripeEmulator
    let razorpay: RazorpayEmulator
    let cashfree: CashfreeEmulator
    let yooKassa: YooKassaEmulator

    init() throws {
        stripe = try StripeEmulator()
        razorpay = try RazorpayEmulator()
        cashfree = try CashfreeEmulator()
        yooKassa = try YooKassaEmulator()
    }

    /// - Parameter hasPublishableKey: whether clients show Stripe's own elements.
    func providers(_ parts: OutsideParts, hasPublishableKey: Bool = true) -> [any PaymentProvider] {
        let keys = StripeKeys(
            secret: StripeEmulator.keys.secret, publishable: hasPublishableKey ? StripeEmulator.keys.publishable : nil,
            webhookSecret: StripeEmulator.keys.webhookSecret)
        return [
            StripeProvider(keys, base: stripe.service.url + "/v1", through: parts),
            RazorpayProvider(
                RazorpayKeys(
                    id: RazorpayEmulator.keys.id, secret: RazorpayEmulator.keys.secret,
                    webhookSecret: RazorpayEmulator.keys.webhook), base: razorpay.service.url + "/v1", through: parts),
            CashfreeProvider(
                appID: CashfreeEmulator.account.id, secret: CashfreeEmulator.account.secret, isLive: false,
                base: cashfree.service.url + "/pg", through: parts),
            YooKassaProvider(
                shopID: YooKassaEmulator.shop.id, secret: YooKassaEmulator.shop.secret,
                networks: ["127.0.0.1"].compactMap { Network($0) }, base: yooKassa.service.url + "/v3", through: parts),
        ]
    }
}

extension Houses {
    /// Every payer pays, and nobody tells us.
    func payAll() {
        for intent in stripe.ids("pi_") { stripe.pay(intent) }
        for order in razorpay.orders { _ = razorpay.pay(order) }
        for order in cashfree.orders { cashfree.pay(order) }
        for payment in yooKassa.payments { yooKassa.pay(payment, income: "96.50") }
    }
}

func withHouses(
    hasPublishableKey: Bool = true,
    _ body: @escaping @Sendable (PaymentStage, Houses) async throws -> Void
) async throws {
    let houses = try Houses()
    try await withPayments(outside: { houses.providers($0, hasPublishableKey: hasPublishableKey) }) { stage in
        try await body(stage, houses)
    }
}

extension PaymentStage {
    /// A payment of an invoice of so much, as its answer has it.
    func begin(_ minor: Int64, _ currency: Currency) async throws -> (id: ID<Payment>, answer: TestAnswer) {
        let answer = try await order(try await invoice(minor, currency, period: Months.next()))
        #expect(answer.status == 201, "\(answer.text)")
        return (try #require(answer.data["id"]?.string.flatMap { ID<Payment>($0) }), answer)
    }

    /// Delivers a webhook and carries out what it left.
    func hear(_ provider: String, _ webhook: (body: [UInt8], fields: [String: String])) async throws -> TestAnswer {
        let answer = try await server.send(
            "POST", "/api/v1/payments/webhook/\(provider)", fields: webhook.fields, raw: webhook.body)
        try await work()
        return answer
    }

    func verify(_ id: ID<Payment>, _ more: [(name: String, value: JSONValue)] = []) async throws -> TestAnswer {
        try await server.send(
            "POST", "/api/v1/payments/verify", token: "resident", body: .object([("paymentId", .string("\(id)"))] + more))
    }

    /// Staff give some of it back, and the job has run once.
    func giveBack(_ amount: String, of id: ID<Payment>) async throws -> ID<Refund> {
        let answer = try await server.send(
            "POST", "/api/v1/payments/\(id)/refund", token: "office", fields: ["Idempotency-Key": "\(UUID.v7())"],
            body: ["amount": .number(amount), "reason": "other"])
        #expect(answer.status == 201, "\(answer.text)")
        try await work()
        return try #require(answer.data["id"]?.string.flatMap { ID<Refund>($0) })
    }
}

/// A unit is billed once a month.
enum Months {
    private static let number = Atomic<Int>(0)

    static func next() -> String {
        let month = number.add(1, ordering: .relaxed).newValue
        return "\(2030 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)"
    }
}
