import HTTP
import Service
import Values

/// Where providers call. The signature is over the raw bytes; a forged one stores nothing.
enum WebhookOperations {
    /// Each with the fields that vouch for its body.
    private static let providers: [(name: String, id: String, summary: String, fields: [StaticString])] = [
        ("stripe", "receiveStripeWebhook", "An event of Stripe, signed in Stripe-Signature", ["stripe-signature"]),
        (
            "razorpay", "receiveRazorpayWebhook", "An event of Razorpay, signed in X-Razorpay-Signature",
            ["x-razorpay-signature", "x-razorpay-event-id"]
        ),
        (
            "cashfree", "receiveCashfreeWebhook", "An event of Cashfree, signed in X-Webhook-Signature",
            ["x-webhook-signature", "x-webhook-timestamp"]
        ),
        ("chargily", "receiveChargilyWebhook", "An event of Chargily, signed in signature", ["signature"]),
        ("yookassa", "receiveYooKassaWebhook", "An event of YooKassa, which vouches for it by its addresses", []),
    ]
    private static let sandbox = (
        name: "sandbox", id: "receiveSandboxWebhook", summary: "An event of the sandbox provider, signed as Stripe signs",
        fields: ["sandbox-signature"] as [StaticString]
    )

    static func all(_ inbox: WebhookInbox, hasSandbox: Bool) -> [Operation] {
        (hasSandbox ? providers + [sandbox] : providers).map { provider in
            .raw(
                .post, PaymentOperations.base + "/webhook/\(provider.name)", provider.id, provider.summary, tag: "Payments",
                who: .provider, problems: [PaymentProblem.signatureInvalid, PaymentProblem.providerUnavailable],
                success: Success(200)
            ) { call in
                var fields: [String: String] = [:]
                for name in provider.fields { fields[name.description] = call.field(name) }
                let webhook = RawWebhook(body: Array(call.body), fields: fields, address: call.caller.address)
                try await inbox.receive(webhook, from: provider.name)
                return .json(Array("{\"received\":true}".utf8))
            }.unlimited().acceptingAnyContentType().bodyLimit(256 << 10).withoutIdempotency()
        }
    }
}
