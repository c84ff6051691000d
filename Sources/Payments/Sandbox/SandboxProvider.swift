import Crypto
import JSON
import Postgres
import Service
import Values

/// A provider of our own, so that everything can be tried without an account anywhere: its checkout page asks how the
/// payment shall end. It never runs in production.
package struct SandboxProvider: PaymentProvider {
    package let name = "sandbox"
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

    package func open(_ attempt: PaymentAttempt, of payment: Payment) async throws -> ProviderOrder {
        let id = "sbx_" + attempt.id.description
        try await database.execute(SandboxQueries.insert(id, attempt: attempt, now: clock.now()))
        return ProviderOrder(id: id, checkoutURL: "\(publicURL)/api/v1/payments/sandbox/\(attempt.id)")
    }

    package func status(of attempt: PaymentAttempt) async throws -> ProviderAnswer {
        try await order(of: attempt.id)?.answer ?? .failed(Self.missing)
    }

    /// Its memory is our own database: an order that is not there was never made.
    private static let missing = PaymentFailure(
        code: "order_missing", message: "The payment was not begun; please try again.")

    package func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer {
        guard let order = try await order(of: attempt.id) else { return .failed(Self.missing) }
        try await database.execute(SandboxQueries.decide(order.id, .cancelled, paid: 0, payment: nil, now: clock.now()))
        return try await status(of: attempt)
    }

    package func refund(_ amount: Money, of attempt: PaymentAttempt, key: UUID) async throws -> RefundAnswer {
        guard let order = try await order(of: attempt.id),
            try await database.execute(SandboxQueries.refund(order.id, amount.minor, key: key)) == 1
        else { return .refused("More than the sandbox has received.") }
        return .sent("sbr_\(key)")
    }

    package func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice {
        guard signature.isValid(webhook.signature, for: webhook.body, now: now) else {
            throw PaymentProblem.signatureInvalid
        }
        let event = try SandboxEvent.decode(json: webhook.body)
        return WebhookNotice(eventID: event.id, type: event.type, orderID: event.order)
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
