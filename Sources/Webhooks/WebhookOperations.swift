import JSON
import Service
import Values

/// Endpoints of others, and what they were told.
struct WebhookOperations {
    let endpoints: Endpoints
    let deliveries: Deliveries

    private static let path = "/api/v1/webhook-endpoints"
    private static let tag = "Webhooks"
    private static let refusals: [any ProblemKind] = [
        WebhookProblem.urlInvalid, WebhookProblem.urlInsecure, WebhookProblem.urlNotPublic, WebhookProblem.eventUnknown,
    ]

    var all: [Operation] { [list, create, get, change, delete, rotate, test, log, redeliver] }

    private var list: Operation {
        Operation.list(
            Self.path, "listWebhookEndpoints", "Endpoints of the caller's scopes", tag: Self.tag,
            who: .permission("settings:manage"), filter: EndpointFilter.self, item: Endpoint.self, sort: ["-createdAt"]
        ) { [endpoints] call, filter, page in
            try await endpoints.page(filter.status, page, for: call.caller)
        }
    }

    private var create: Operation {
        Operation.post(
            Self.path, "createWebhookEndpoint", "Have somebody told of events, by requests that are signed", tag: Self.tag,
            who: .permission("settings:manage"),
            problems: Self.refusals + [WebhookProblem.scopeUnknown, WebhookProblem.tooManyEndpoints],
            body: NewEndpoint.self, answer: EndpointSecret.self, location: { "\(Self.path)/\($0.endpoint.id)" }
        ) { [endpoints] call, body in
            try await endpoints.create(body, by: call)
        }.withoutIdempotency().uncompressed()
            .described(
                """
                Requests are POST with `{type, timestamp, data}`, signed as Standard Webhooks has it: `webhook-id`, \
                `webhook-timestamp`, `webhook-signature: v1,<base64 of HMAC-SHA256 over id.timestamp.body>`. Any 2xx \
                within 15 seconds takes it; else it comes again after 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h. 410, \
                or five days of failure, disables the endpoint.
                """)
    }

    private var get: Operation {
        Operation.get(
            "\(Self.path)/{id}", "getWebhookEndpoint", "One endpoint", tag: Self.tag, who: .permission("settings:manage"),
            answer: Endpoint.self
        ) { [endpoints] call in
            try await endpoints.find(call.id(), for: call.caller)
        }
    }

    private var change: Operation {
        Operation.patch(
            "\(Self.path)/{id}", "changeWebhookEndpoint", "Change an endpoint; pause it, or begin anew", tag: Self.tag,
            who: .permission("settings:manage"), problems: Self.refusals, body: EndpointChange.self, answer: Endpoint.self
        ) { [endpoints] call, body in
            try await endpoints.change(call.id(), body, by: call)
        }
    }

    private var delete: Operation {
        Operation.delete(
            "\(Self.path)/{id}", "deleteWebhookEndpoint", "Remove an endpoint with its log", tag: Self.tag,
            who: .permission("settings:manage")
        ) { [endpoints] call in
            try await endpoints.delete(call.id(), by: call)
        }
    }

    private var rotate: Operation {
        Operation.action(
            "\(Self.path)/{id}/rotate", "rotateWebhookSecret", "A new secret; the old one signs 24 hours more", tag: Self.tag,
            who: .permission("settings:manage"), answer: EndpointSecret.self
        ) { [endpoints] call in
            try await endpoints.rotate(call.id(), by: call)
        }.withoutIdempotency().uncompressed()
    }

    private var test: Operation {
        Operation.action(
            "\(Self.path)/{id}/test", "testWebhookEndpoint", "Send webhook.test", tag: Self.tag,
            who: .permission("settings:manage"), problems: [WebhookProblem.endpointNotActive], answer: Delivery.self,
            status: 202
        ) { [endpoints] call in
            try await endpoints.test(call.id(), for: call.caller)
        }
    }

    private var log: Operation {
        Operation.feed(
            "\(Self.path)/{id}/deliveries", "listWebhookDeliveries", "What an endpoint was told, the newest first",
            tag: Self.tag, who: .permission("settings:manage"), filter: DeliveryFilter.self, item: Delivery.self
        ) { [endpoints, deliveries] call, filter, request in
            let endpoint = try await endpoints.find(call.id(), for: call.caller)
            return try await deliveries.feed(of: endpoint.id, filter, request)
        }
    }

    private var redeliver: Operation {
        Operation.action(
            "\(Self.path)/{id}/deliveries/{deliveryId}/redeliver", "redeliverWebhook",
            "Send a message once more, under its old id", tag: Self.tag, who: .permission("settings:manage"),
            problems: [WebhookProblem.endpointNotActive, WebhookProblem.deliveryPending], answer: Delivery.self, status: 202
        ) { [endpoints, deliveries] call in
            let endpoint = try await endpoints.find(call.id(), for: call.caller)
            return try await deliveries.redeliver(call.id("deliveryId"), of: endpoint.id)
        }
    }
}
