import HTTP
import Service
import Values

/// Refusals of what claims to come from a provider.
package enum WebhookProblem: String, ProblemKind {
    case signatureInvalid = "signature_invalid"

    package var status: Int { 401 }
    package var detail: String { "The signature does not fit this body, or it is too old." }
}

/// Where providers tell what became of messages. What has no proof stores nothing.
struct DeliveryWebhooks {
    let door: Notifications
    let sendGrid: SendGridEvents?

    var all: [Operation] { [fromSendGrid] }

    private static let base = "/api/v1/notifications/webhook"

    private var fromSendGrid: Operation {
        .raw(
            .post, Self.base + "/sendgrid", "receiveSendGridEvents", "Events of mails, signed by SendGrid",
            tag: "Notifications", who: .provider, problems: [WebhookProblem.signatureInvalid], success: Success(200)
        ) { [door, sendGrid] call in
            let body = Array(call.body)
            let signature = call.field("x-twilio-email-event-webhook-signature") ?? ""
            let timestamp = call.field("x-twilio-email-event-webhook-timestamp") ?? ""
            guard sendGrid?.isGenuine(body, signature: signature, timestamp: timestamp, now: call.now) == true else {
                throw WebhookProblem.signatureInvalid
            }
            try await door.hear(SendGridEvents.reports(body), from: "sendgrid")
            return .json(Array("{\"received\":true}".utf8))
        }.unlimited().acceptingAnyContentType().bodyLimit(4 << 20).withoutIdempotency()
            .described("Without SENDGRID_WEBHOOK_PUBLIC_KEY nothing is taken. Each event changes something once.")
    }
}
