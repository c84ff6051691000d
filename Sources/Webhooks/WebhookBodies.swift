import JSON
import Service
import Values

/// An endpoint to be.
struct NewEndpoint: Shaped {
    let url: String
    let events: [String]
    let description: String?
    let scopeType: String
    let scopeID: UUID?

    static let shape = Shape(
        "NewWebhookEndpoint", Self.init,
        Field("url", { $0.url }, .length(1...500), .example("https://hooks.example.com/atrium"),
            doc: "By https, in the public internet. Redirects are not followed."),
        Field("events", { $0.events }, .count(1...100), .each(.length(1...100), .example("payment.succeeded")), .distinct(),
            doc: "Names of events, or * for all."),
        Field("description", { $0.description }, .length(0...200)),
        Field("scopeType", { $0.scopeType }, .length(1...50), default: { "platform" }, doc: "Of what it is told: of this scope and all below."),
        Field("scopeId", { $0.scopeID }))

    var scope: Scope { Scope(ScopeType(scopeType), scopeID) }
}

/// A change of an endpoint.
struct EndpointChange: Shaped {
    /// What its owner may make of it.
    enum Wish: String, WireEnum { case active, paused }

    let url: Patch<String>
    let events: Patch<[String]>
    let description: Patch<String?>
    let status: Patch<Wish>

    static let shape = Shape(
        "WebhookEndpointChange", Self.init,
        Field("url", { $0.url }, .length(1...500), .example("https://hooks.example.com/atrium")),
        Field("events", { $0.events }, .count(1...100), .each(.length(1...100), .example("payment.succeeded")), .distinct()),
        Field("description", { $0.description }, .length(0...200)),
        Field("status", { $0.status }, doc: "A disabled endpoint begins anew when it is made active."))

    func apply(to endpoint: inout Endpoint, at now: Instant) {
        endpoint.updatedAt = now
        endpoint.url = url.value(or: endpoint.url)
        endpoint.events = events.value(or: endpoint.events)
        endpoint.description = description.value(or: endpoint.description)
        if let status = status.value { endpoint.set(status == .active ? .active : .paused, at: now) }
    }
}

extension Endpoint: WireOutput {
    package static let shape = Shape<Endpoint>(
        output: "WebhookEndpoint",
        Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }),
        Field("scopeType", { $0.scope.type.name }), Field("scopeId", { $0.scope.id }), Field("url", { $0.url }),
        Field("description", { $0.description }), Field("events", { $0.events }), Field("status", { $0.status }),
        Field("failingSince", { $0.failingSince }),
        Field("previousUntil", { $0.previousUntil }, doc: "Until then requests carry a signature by the old secret, too."))
}

/// An endpoint with its secret, which is shown this once.
struct EndpointSecret: WireOutput {
    let endpoint: Endpoint
    let secret: String

    static let shape = Shape<EndpointSecret>(
        output: "WebhookEndpointSecret",
        Field("endpoint", { $0.endpoint }),
        Field("secret", { $0.secret }, doc: "What requests are signed with. Never shown again."))
}

extension Delivery: WireOutput {
    package static let shape = Shape<Delivery>(
        output: "WebhookDelivery",
        Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }),
        Field("endpointId", { $0.endpoint }), Field("messageId", { $0.message }, doc: "webhook-id of every attempt."),
        Field("event", { $0.event }), Field("body", { JSONText(trusted: Array($0.body.utf8)) }),
        Field("attempt", { $0.attempt }, doc: "Attempts made."), Field("status", { $0.status }),
        Field("responseStatus", { $0.responseStatus }), Field("error", { $0.error }),
        Field("nextAttemptAt", { $0.nextAttemptAt }))
}

/// What a list of endpoints is narrowed to.
struct EndpointFilter: Shaped {
    let status: Endpoint.Status?

    static let shape = Shape("WebhookEndpointFilter", Self.init, Field("status", { $0.status }))
}

/// What a list of deliveries is narrowed to.
struct DeliveryFilter: Shaped {
    let status: Delivery.Status?
    let event: String?

    static let shape = Shape(
        "WebhookDeliveryFilter", Self.init(status:event:),
        Field("status", { $0.status }), Field("event", { $0.event }, .length(1...100)))
}
