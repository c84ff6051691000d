import Jobs
import Postgres
import Service
import Values

/// Where providers tell us that something happened. Stored once, answered at once, carried out by a job; and what it
/// says is only a reason to ask the provider.
package struct WebhookInbox: Sendable {
    let payments: Payments
    let jobs: Jobs

    /// Stores a webhook whose signature holds; one that is there already changes nothing, unless nothing came of it then.
    func receive(_ webhook: RawWebhook, from provider: String) async throws {
        let notice = try payments.providers.named(provider).read(webhook, now: payments.clock.now())
        try await store(notice, webhook.body, from: provider)
    }

    /// The same for a product whose contract has a path of its own for the provider.
    ///
    /// - Returns: false for what is about no payment and no refund of ours: then nothing is stored.
    package func hear(_ webhook: RawWebhook, from provider: String) async throws -> Bool {
        let notice = try payments.providers.named(provider).read(webhook, now: payments.clock.now())
        guard try await isKnown(notice.subject, of: provider) else { return false }
        try await store(notice, webhook.body, from: provider)
        return true
    }

    private func isKnown(_ subject: WebhookNotice.Subject?, of provider: String) async throws -> Bool {
        switch subject {
        case nil: return true
        case .refund(let name)?: return try await payments.database.first(RefundQueries.named(name)) != nil
        case .order(let order)?:
            return try await payments.database.first(PaymentQueries.payment(provider: provider, order: order)) != nil
        case .payment(let id)?: return try await payments.database.first(PaymentQueries.payment(id))?.attempt?.provider == provider
        }
    }

    /// Stores what is known to come from the provider.
    func store(_ notice: WebhookNotice, _ body: [UInt8], from provider: String) async throws {
        guard let body = String(validating: body, as: UTF8.self), !body.contains("\u{0}") else {
            throw HouseProblem.malformed.problem
        }
        try await payments.database.transaction { _ in
            let store = WebhookQueries.store(notice, provider: provider, body: body, now: payments.clock.now())
            guard let id = try await payments.database.first(store) else { return }
            try await jobs.enqueue(PaymentJobs.settleWebhook, WebhookJob(eventID: id), dedupe: "webhook:\(id)")
        }
    }

    /// How long is kept what a provider has told us and what has been carried out (0-platform, 5).
    static let kept = Duration.days(90)

    /// Lets go of what has been kept long enough, some at a time.
    ///
    /// - Returns: how many that were.
    @discardableResult
    func clean() async throws -> Int {
        var sum = 0
        while true {
            let gone = try await payments.database.execute(WebhookQueries.purge(before: payments.clock.now() - Self.kept))
            sum += gone
            if gone < 1000 { return sum }
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
        guard let subject = event.subject else { return .ignored }
        if case .refund(let name) = subject {
            guard let refund = try await payments.database.first(RefundQueries.named(name)) else {
                return try await payments.noteGivenBack(name, by: event.provider) ? .processed : .ignored
            }
            try await payments.check(refund)
            return .processed
        }
        guard let id = try await payment(subject, of: event) else { return .ignored }
        let settled = try await payments.settle(id)
        if let dispute = event.dispute { try await payments.note(dispute, of: settled.payment) }
        // Told before the provider knows of it himself: when he tells it again, he is asked again.
        return settled.payment.state.status.isOpen ? .ignored : .processed
    }

    /// Only of the provider that the payment went through: no other can speak of it.
    private func payment(_ subject: WebhookNotice.Subject, of event: WebhookEvent) async throws -> ID<Payment>? {
        switch subject {
        case .order(let order):
            return try await payments.database.first(PaymentQueries.payment(provider: event.provider, order: order))
        case .payment(let id):
            let known = try await payments.database.first(PaymentQueries.payment(id))
            return known?.attempt?.provider == event.provider ? id : nil
        case .refund:
            return nil
        }
    }
}
