import HTTP
import Service
import Values

/// Where providers call. The signature is over the raw bytes; a forged one stores nothing.
enum WebhookOperations {
    static func all(_ inbox: WebhookInbox) -> [Operation] {
        [
            .raw(
                .post, PaymentOperations.base + "/webhook/sandbox", "receiveSandboxWebhook",
                "An event of the sandbox provider, signed as Stripe signs", tag: "Payments", who: .provider,
                problems: [PaymentProblem.signatureInvalid, PaymentProblem.providerUnavailable], success: Success(200)
            ) { call in
                let signature = call.field("sandbox-signature") ?? ""
                try await inbox.receive(RawWebhook(body: Array(call.body), signature: signature), from: "sandbox")
                return .json(Array("{\"received\":true}".utf8))
            }.unlimited().acceptingAnyContentType().bodyLimit(64 << 10).withoutIdempotency()
        ]
    }
}
