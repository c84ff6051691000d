import JSON
import Service
import Values

/// The events that endpoints may be told of: those of 0-platform 5.3, and what modules add.
package enum WebhookEvents {
    package static let platform: Set<String> = [
        "user.registered", "user.contact_changed", "user.suspended", "user.reactivated", "user.banned", "user.deleted",
        "user.grants_changed", "payment.succeeded", "payment.failed", "payment.cancelled", "payment.expired",
        "payment.disputed", "refund.succeeded", "refund.failed", "payout.succeeded", "payout.failed",
        "subscription.activated", "subscription.changed", "subscription.renewed", "subscription.past_due",
        "subscription.expired", "invoice.issued", "invoice.paid", "invoice.overdue", "invoice.cancelled",
        "message.changed", "ticket.created", "ticket.assigned", "ticket.moved", "ticket.commented", "review.changed",
        "review.hidden", "review.restored", "file.ready", "setting.changed",
    ]

    /// For all of them.
    static let all = "*"
    /// What `test` sends; every endpoint takes it.
    static let test = "webhook.test"

    /// The body of a request (Standard Webhooks): at most 20 KB, else without the event's own data.
    static func body(_ event: Event, at now: Instant) -> String {
        let whole = body(event, event.data, at: now)
        return whole.utf8.count < limit ? whole : body(event, nil, at: now)
    }

    private static let limit = 20 * 1024

    private static func body(_ event: Event, _ details: JSONText?, at now: Instant) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", event.name)
            writer.member("timestamp", now)
            writer.key("data")
            writer.object { data in
                data.member("objectType", event.objectType)
                data.member("objectId", event.objectID)
                data.member("scopeType", event.scope?.type.name)
                data.member("scopeId", event.scope?.id)
                data.member("details", details)
                data.member("isTruncated", details == nil)
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
