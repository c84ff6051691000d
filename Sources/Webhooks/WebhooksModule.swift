import Crypto
import HTTP
import Identity
import Jobs
import Postgres
import Runtime
import Service
import Telemetry
import Values

/// Tells programs of others of what has happened, by signed requests.
package struct WebhooksModule: Module {
    package let name = "webhooks"
    let database: Database
    private let identity: IdentityModule
    private let events: Set<String>
    private let clock: Clock
    let endpoints: Endpoints
    let deliveries: Deliveries

    /// - Parameters:
    ///   - events: names of those that modules tell of beside the platform's.
    ///   - guardian: which addresses may be asked.
    ///   - ring: seals the secrets of endpoints.
    package init(
        database: Database, identity: IdentityModule, jobs: Jobs, client: HTTPClient, resolver: Resolver,
        events: Set<String> = [], guardian: AddressGuard = AddressGuard(), ring: SealingRing,
        metrics: MetricRegistry? = nil, log: Log, clock: Clock = .system
    ) {
        self.database = database
        self.identity = identity
        self.events = events.union(WebhookEvents.platform)
        self.clock = clock
        let seal = WebhookSeal(ring: ring)
        let courier = Courier(
            client: client, resolver: resolver, guardian: guardian, seal: seal, metrics: metrics, clock: clock)
        deliveries = Deliveries(database: database, jobs: jobs, courier: courier, log: log, clock: clock)
        endpoints = Endpoints(
            database: database, identity: identity, seal: seal, guardian: guardian, events: self.events,
            deliveries: deliveries, clock: clock)
    }

    package var operations: [Operation] { WebhookOperations(endpoints: endpoints, deliveries: deliveries).all }
    package var jobs: [JobType] { WebhookJobs.types(deliveries) }
    package var schedules: [Schedule] { WebhookJobs.schedules }

    package var eventHandlers: [EventHandler] {
        [EventHandler("webhooks", on: events) { [self] event in try await tell(event) }]
    }

    /// Leaves a message for every endpoint that wants the event and stands above where it happened.
    private func tell(_ event: Event) async throws {
        var path: ScopePath = []
        if let scope = event.scope { path = try await identity.scopes.path(of: scope) }
        let endpoints = try await database.all(WebhookQueries.subscribed(to: event.name, in: path))
        if endpoints.isEmpty { return }
        let now = clock.now()
        let body = WebhookEvents.body(event, at: now)
        try await deliveries.send(endpoints.map { Delivery.new(event.name, body, to: $0.id, at: now) })
    }

    package static var statements: [StatementSample] {
        let now = Instant(microseconds: 0)
        let scope = Scope("company", .zero)
        let endpoint = Endpoint(
            id: .new(), createdAt: now, updatedAt: now, scope: scope, url: "", description: nil, events: [], secret: [],
            previousSecret: nil, previousUntil: nil, status: .active, failingSince: nil)
        let delivery = Delivery.new("", "", to: endpoint.id, at: now)
        let page = PageRequest(sort: "createdAt")
        let every = DeliveryFilter(status: .failed, event: "")
        return [
            StatementSample("endpoints", WebhookQueries.list(.active, within: "true", page)),
            StatementSample("endpoints counted", WebhookQueries.count(nil, within: "true")),
            StatementSample("endpoints of a scope", WebhookQueries.count(in: scope)),
            StatementSample("endpoint", WebhookQueries.find(endpoint.id)),
            StatementSample("endpoint, locked", WebhookQueries.lock(endpoint.id)),
            StatementSample("endpoints of an event", WebhookQueries.subscribed(to: "", in: [scope])),
            StatementSample("new endpoint", WebhookQueries.insert(endpoint)),
            StatementSample("saved endpoint", WebhookQueries.save(endpoint)),
            StatementSample("deleted endpoint", WebhookQueries.delete(endpoint.id)),
            StatementSample("new deliveries", WebhookQueries.insert([delivery])),
            StatementSample("deliveries", WebhookQueries.feed(of: endpoint.id, every, after: delivery.id, limit: 1)),
            StatementSample("delivery", WebhookQueries.delivery(delivery.id)),
            StatementSample("delivery, locked", WebhookQueries.lock(delivery.id)),
            StatementSample("saved delivery", WebhookQueries.save(delivery)),
            StatementSample("purged deliveries", WebhookQueries.purge(before: now)),
        ] + PersonalQueries.samples
    }
}
