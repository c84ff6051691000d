import Jobs
import Postgres
import Service
import Values

/// Where providers tell us that something happened. Stored once, answered at once, carried out by a job; and what it
/// says is only a reason to ask the provider.
package struct WebhookInbox: Sendable {
    let payments: Payments
    let jobs: Jobs

    /// Stores a webhook whose signature holds; one that is there already changes nothing.
    func receive(_ webhook: RawWebhook, from provider: String) async throws {
        let notice = try payments.providers.named(provider).read(webhook, now: payments.clock.now())
        guard let body = String(validating: webhook.body, as: UTF8.self) else { throw HouseProblem.malformed.problem }
        try await payments.database.transaction { _ in
            let store = WebhookQueries.store(notice, provider: provider, body: body, now: payments.clock.now())
            guard let id = try await payments.database.first(store) else { return }
            try await jobs.enqueue(PaymentJobs.settleWebhook, WebhookJob(eventID: id), dedupe: "webhook:\(id)")
        }
    }

    /// Settles the payment that the event is about. Repeatable.
    func carryOut(_ id: ID<WebhookEvent>) async throws {
        let database = payments.database
        guard let event = try await database.first(WebhookQueries.event(id)),
            event.status == .received || event.status == .failed
        else { return }
        do {
            let status = try await settle(event)
            try await database.execute(WebhookQueries.done(id, status, now: payments.clock.now()))
        } catch {
            try await database.execute(WebhookQueries.failed(id, String("\(error)".prefix(1000))))
            throw error
        }
    }

    private func settle(_ event: WebhookEvent) async throws -> WebhookEvent.Status {
        guard let order = event.orderID,
            let payment = try await payments.database.first(
                PaymentQueries.payment(provider: event.provider, order: order))
        else { return .ignored }
        try await payments.settle(payment)
        return .processed
    }
}
