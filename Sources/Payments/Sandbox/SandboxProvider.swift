import Crypto
import JSON
import Postgres
import Service
import Values

/// A provider of our own, so that everything can be tried without an account anywhere: its checkout page asks how the
/// payment shall end. It never runs in production.
package struct SandboxProvider: PaymentProvider {
    static let name = "sandbox"

    package var name: String { Self.name }
    package let isLive = false
    let database: Database
    let clock: Clock
    let signature: StripeSignature
    /// Where the checkout page stands: `PUBLIC_URL`.
    let publicURL: String

    package init(database: Database, secret: String, publicURL: String, clock: Clock = .system) {
        self.database = database
        self.clock = clock
        self.publicURL = publicURL
        signature = StripeSignature(secret: secret)
    }

    package func open(_ request: OrderRequest) async throws -> ProviderOrder {
        let attempt = request.attempt
        try await database.execute(SandboxQueries.insert(Self.id(attempt), attempt: attempt, now: clock.now()))
        return order(attempt)
    }

    /// Its memory is our own database: an order that is not there was never made.
    package func find(_ request: OrderRequest) async throws -> ProviderOrder? {
        try await order(of: request.attempt.id) == nil ? nil : order(request.attempt)
    }

    private static func id(_ attempt: PaymentAttempt) -> String { "sbx_\(attempt.id)" }

    private func order(_ attempt: PaymentAttempt) -> ProviderOrder {
        ProviderOrder(
            id: Self.id(attempt), checkout: .redirect("\(publicURL)/api/v1/payments/sandbox/\(attempt.id)"))
    }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderReport {
        ProviderReport(try await order(of: attempt.id)?.answer ?? .failed(.orderMissing))
    }

    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        guard let order = try await order(of: attempt.id) else { return .failed(.orderMissing) }
        try await database.execute(SandboxQueries.decide(order.id, .cancelled, paid: 0, payment: nil, now: clock.now()))
        return try await status(of: attempt).answer
    }

    package func refund(_ refund: RefundOrder) async throws -> RefundAnswer {
        guard let order = try await order(of: refund.attempt.id),
            try await database.execute(SandboxQueries.refund(order.id, refund.amount.minor, key: refund.key)) == 1
        else { return .refused("More than the sandbox has received.") }
        return .sent("sbr_\(refund.key)")
    }

    package func find(_ refund: RefundOrder) async throws -> RefundAnswer? {
        let isKnown = try await database.one(SandboxQueries.isRefunded(Self.id(refund.attempt), key: refund.key))
        return isKnown ? .sent("sbr_\(refund.key)") : nil
    }

    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice {
        guard signature.isValid(webhook.fields["sandbox-signature"] ?? "", for: webhook.body, now: now) else {
            throw PaymentProblem.signatureInvalid
        }
        let event = try SandboxEvent.decode(json: webhook.body)
        return WebhookNotice(eventID: event.id, type: event.type, subject: .order(event.order))
    }

    // MARK: The page

    func order(of attempt: ID<PaymentAttempt>) async throws -> SandboxOrder? {
        try await database.first(SandboxQueries.order(of: attempt))
    }

    /// Ends an order as chosen on its page.
    ///
    /// - Returns: the event of which the sandbox now tells us by webhook; nil when there is nothing to tell.
    func decide(_ order: SandboxOrder, _ outcome: SandboxOutcome) async throws -> SandboxEvent? {
        guard let decision = outcome.decision(for: order) else { return nil }
        let paymentID = decision.status == .paid ? "sbp_\(UUID.v7())" : nil
        let decided = try await database.execute(
            SandboxQueries.decide(order.id, decision.status, paid: decision.paid, payment: paymentID, now: clock.now()))
        guard decided == 1 else { throw PaymentProblem.decidedTwice }
        return SandboxEvent(id: "evt_\(UUID.v7())", type: "order.\(decision.status.rawValue)", order: order.id)
    }
}
