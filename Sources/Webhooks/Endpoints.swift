import Crypto
import Identity
import Postgres
import Service
import Values

/// The door to endpoints.
struct Endpoints: Sendable {
    let database: Database
    let identity: IdentityModule
    let seal: WebhookSeal
    let guardian: AddressGuard
    let events: Set<String>
    let deliveries: Deliveries
    let clock: Clock

    func page(_ status: Endpoint.Status?, _ page: PageRequest, for caller: Caller) async throws -> Page<Endpoint> {
        let within = identity.scopes.condition(within: try caller.reach("settings:manage"), of: "e")
        let endpoints = try await database.all(WebhookQueries.list(status, within: within, page))
        return Page(endpoints, total: try await database.one(WebhookQueries.count(status, within: within)))
    }

    func find(_ id: ID<Endpoint>, for caller: Caller) async throws -> Endpoint {
        // Whether somebody may see any comes before whether there is this one.
        _ = try caller.reach("settings:manage")
        guard let endpoint = try await database.first(WebhookQueries.find(id)) else { throw HouseProblem.notFound.problem }
        try caller.require("settings:manage", on: try await identity.scopes.path(of: endpoint.scope))
        return endpoint
    }

    func create(_ body: NewEndpoint, by call: Call) async throws -> EndpointSecret {
        let scope = body.scope
        _ = try call.caller.reach("settings:manage")
        guard identity.scopes.knows(scope.type), (scope.type == .platform) == (scope.id == nil),
            try await identity.scopes.exists(scope), call.caller.can("settings:manage", on: try await identity.scopes.path(of: scope))
        else { throw WebhookProblem.scopeUnknown.on("scopeId") }
        try check(url: body.url)
        try check(events: body.events)
        let secret = WebhookSecret.random()
        let now = clock.now()
        let id = ID<Endpoint>.new()
        let endpoint = Endpoint(
            id: id, createdAt: now, updatedAt: now, scope: scope, url: body.url, description: body.description,
            events: body.events, secret: seal.seal(secret, of: id), previousSecret: nil, previousUntil: nil,
            status: .active, failingSince: nil)
        try await database.transaction { _ in
            guard try await database.one(WebhookQueries.count(in: scope)) < Endpoint.perScope else {
                throw WebhookProblem.tooManyEndpoints.problem
            }
            try await database.execute(WebhookQueries.insert(endpoint))
            await record("webhook_endpoint_created", endpoint, endpoint.changes(from: nil), by: call)
        }
        return EndpointSecret(endpoint: endpoint, secret: secret.text)
    }

    func change(_ id: ID<Endpoint>, _ body: EndpointChange, by call: Call) async throws -> Endpoint {
        if let url = body.url.value { try check(url: url) }
        if let events = body.events.value { try check(events: events) }
        return try await changing(id, "webhook_endpoint_changed", by: call) { body.apply(to: &$0, at: clock.now()) }
    }

    /// A new secret; the old one signs beside it for a day.
    func rotate(_ id: ID<Endpoint>, by call: Call) async throws -> EndpointSecret {
        let secret = WebhookSecret.random()
        let endpoint = try await changing(id, "webhook_endpoint_rotated", by: call) {
            $0.rotate(to: seal.seal(secret, of: id), at: clock.now())
        }
        return EndpointSecret(endpoint: endpoint, secret: secret.text)
    }

    func delete(_ id: ID<Endpoint>, by call: Call) async throws {
        _ = try await find(id, for: call.caller)
        try await database.transaction { _ in
            let endpoint = try await lock(id, by: call)
            try await database.execute(WebhookQueries.delete(id))
            await record("webhook_endpoint_deleted", endpoint, [AuditChange("url", .text(endpoint.url), .none)], by: call)
        }
    }

    /// A message that says nothing, so that a receiver can be tried.
    func test(_ id: ID<Endpoint>, for caller: Caller) async throws -> Delivery {
        let endpoint = try await find(id, for: caller)
        guard endpoint.status == .active else { throw WebhookProblem.endpointNotActive.problem }
        let event = Event(WebhookEvents.test, "webhook_endpoint", id.uuid, in: endpoint.scope)
        let delivery = Delivery.new(event.name, WebhookEvents.body(event, at: clock.now()), to: id, at: clock.now())
        try await deliveries.send([delivery])
        return delivery
    }

    private func changing(
        _ id: ID<Endpoint>, _ action: String, by call: Call, _ body: (inout Endpoint) -> Void
    ) async throws -> Endpoint {
        _ = try await find(id, for: call.caller)
        return try await database.transaction { _ in
            let old = try await lock(id, by: call)
            var endpoint = old
            body(&endpoint)
            try await database.execute(WebhookQueries.save(endpoint))
            await record(action, endpoint, endpoint.changes(from: old), by: call)
            return endpoint
        }
    }

    private func lock(_ id: ID<Endpoint>, by call: Call) async throws -> Endpoint {
        guard let endpoint = try await database.first(WebhookQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await call.caller.checkMatch()
        return endpoint
    }

    private func check(url: String) throws {
        if let refusal = guardian.refusal(of: url) { throw refusal.on("url") }
    }

    private func check(events wanted: [String]) throws {
        for (index, name) in wanted.enumerated() where name != WebhookEvents.all && !events.contains(name) {
            throw WebhookProblem.eventUnknown.on("events[\(index)]")
        }
    }

    private func record(_ action: String, _ endpoint: Endpoint, _ changes: [AuditChange?], by call: Call) async {
        let entry = AuditEntry(
            action, "webhook_endpoint", endpoint.id.description, scope: endpoint.scope, changes: changes.compactMap { $0 })
        await identity.audit.record(entry, by: AuditActor(call, identity.book))
    }
}

extension Endpoint {
    /// For the trail.
    func changes(from old: Endpoint?) -> [AuditChange?] {
        [
            AuditChange("url", AuditValue(old?.url), .text(url)),
            AuditChange("events", old.map { .list($0.events) } ?? .none, .list(events)),
            AuditChange("description", AuditValue(old?.description), AuditValue(description)),
            AuditChange("status", AuditValue(old?.status), .text(status.rawValue)),
            old.map { $0.secret != secret } == true ? AuditChange("secret", .secret, .secret) : nil,
        ]
    }
}
