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

    static func all(_ inbox: WebhookInbox, _ stars: StarsDesk?, hasSandbox: Bool) -> [Operation] {
        providers(inbox, hasSandbox: hasSandbox) + [telegram(stars)]
    }

    /// Of a bot that no product has a webhook for. Updates that are no payments are for nobody here.
    private static func telegram(_ stars: StarsDesk?) -> Operation {
        .raw(
            .post, PaymentOperations.base + "/webhook/\(StarsProvider.name)/{bot}", "receiveTelegramPayments",
            "An update of a bot, with its secret in X-Telegram-Bot-Api-Secret-Token", tag: "Payments", who: .provider,
            problems: [PaymentProblem.signatureInvalid, PaymentProblem.providerUnavailable], success: Success(200)
        ) { call in
            guard let stars, let bot = stars.bot(try call.text("bot")) else { throw HouseProblem.notFound.problem }
            guard stars.vouches(call.field("x-telegram-bot-api-secret-token"), for: bot) else {
                throw PaymentProblem.signatureInvalid
            }
            _ = try await PaymentOperations.asking { try await stars.take(Array(call.body), of: bot) }
            return .json(Array("{\"ok\":true}".utf8))
        }.unlimited().acceptingAnyContentType().bodyLimit(256 << 10).withoutIdempotency()
            .described(
                "Answers what Telegram asks before a payment, and stores what has been paid; a product whose bot has a webhook "
                    + "of its own hands these updates on.")
    }

    private static func providers(_ inbox: WebhookInbox, hasSandbox: Bool) -> [Operation] {
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
