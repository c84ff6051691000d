import HTTP
import Jobs
import Postgres
import Service
import Telemetry
import Values

/// The door to deliveries: made in the transaction of the event, sent by jobs after it.
struct Deliveries: Sendable {
    let database: Database
    let jobs: Jobs
    let courier: Courier
    let log: Log
    let clock: Clock

    /// Leaves messages to be sent, in the caller's transaction where there is one.
    func send(_ new: [Delivery]) async throws {
        if new.isEmpty { return }
        try await database.transaction { _ in
            try await database.execute(WebhookQueries.insert(new))
            for delivery in new { try await enqueue(delivery) }
        }
    }

    private func enqueue(_ delivery: Delivery) async throws {
        guard let next = delivery.nextAttemptAt else { return }
        let payload = DeliverWebhook(deliveryID: delivery.id, attempt: delivery.attempt)
        let key = "webhook:\(delivery.id):\(delivery.attempt)"
        if delivery.attempt == 0 {
            try await jobs.enqueue(WebhookJobs.deliver, payload, dedupe: key)
        } else {
            try await jobs.enqueue(WebhookJobs.deliver, payload, at: next, dedupe: key)
        }
    }

    /// Makes one attempt. Repeatable: a process that ends between the request and its record leaves it to another, and the
    /// receiver knows the message by its id.
    func deliver(_ work: DeliverWebhook) async throws {
        guard let delivery = try await database.first(WebhookQueries.delivery(work.deliveryID)),
            delivery.status == .pending, delivery.attempt == work.attempt,
            let endpoint = try await database.first(WebhookQueries.find(delivery.endpoint))
        else { return }
        guard endpoint.status == .active else {
            return try await record(delivery.id, work.attempt) { now, delivery, _ in
                delivery.giveUp("the endpoint is \(endpoint.status.rawValue)", at: now)
            }
        }
        let outcome = await courier.carry(delivery, to: endpoint)
        try await record(delivery.id, work.attempt) { now, delivery, endpoint in
            delivery.take(outcome, at: now)
            if outcome.isSuccess { endpoint.succeeded() } else { endpoint.failed(isGone: outcome.isGone, at: now) }
        }
    }

    private func record(
        _ id: ID<Delivery>, _ attempt: Int, _ change: (Instant, inout Delivery, inout Endpoint) -> Void
    ) async throws {
        let now = clock.now()
        try await database.transaction { _ in
            // The endpoint's row first, as whoever deletes or changes it takes them.
            guard let known = try await database.first(WebhookQueries.delivery(id)),
                var endpoint = try await database.first(WebhookQueries.lock(known.endpoint)),
                var delivery = try await database.first(WebhookQueries.lock(id)),
                delivery.status == .pending, delivery.attempt == attempt
            else { return }
            let old = endpoint
            change(now, &delivery, &endpoint)
            try await database.execute(WebhookQueries.save(delivery))
            if old.status != endpoint.status || old.failingSince != endpoint.failingSince {
                try await database.execute(WebhookQueries.save(endpoint))
            }
            if old.status != endpoint.status {
                log.warning(
                    "a webhook endpoint was disabled",
                    ["endpoint": .text(endpoint.id.description), "reason": .text(delivery.error ?? "")])
            }
            try await enqueue(delivery)
        }
    }

    // MARK: Looked at

    func feed(of endpoint: ID<Endpoint>, _ filter: DeliveryFilter, _ request: CursorRequest) async throws -> Feed<Delivery> {
        let after = try request.cursor.map { text in
            guard let id = UUID(text) else {
                throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
            }
            return ID<Delivery>(id)
        }
        let rows = try await database.all(
            WebhookQueries.feed(of: endpoint, filter, after: after, limit: request.limit + 1))
        return Feed(fetched: rows, limit: request.limit) { $0.id.description }
    }

    /// Sends a message once more from the beginning, under its old id.
    func redeliver(_ id: ID<Delivery>, of endpoint: ID<Endpoint>) async throws -> Delivery {
        try await database.transaction { _ in
            guard let receiver = try await database.first(WebhookQueries.lock(endpoint)),
                var delivery = try await database.first(WebhookQueries.lock(id)), delivery.endpoint == endpoint
            else { throw HouseProblem.notFound.problem }
            guard receiver.status == .active else { throw WebhookProblem.endpointNotActive.problem }
            guard delivery.status != .pending else { throw WebhookProblem.deliveryPending.problem }
            delivery.begin(at: clock.now())
            try await database.execute(WebhookQueries.save(delivery))
            try await enqueue(delivery)
            return delivery
        }
    }

    /// Deletes what is 90 days old, some at a time.
    func purge() async throws {
        while try await database.execute(WebhookQueries.purge(before: clock.now() - .days(90))) == 1000 {}
    }
}
