import Values

/// A payment provider behind one small protocol: our own sandbox, or somebody else's service. None that
/// asks is called while a transaction waits for the answer (`PaymentProviders` sees to it).
package protocol PaymentProvider: Sendable {
    /// `sandbox`, `stripe`.
    var name: String { get }
    /// Real money moves.
    var isLive: Bool { get }

    /// Makes the order of an attempt, or finds it again by the attempt's key.
    func open(_ attempt: PaymentAttempt, of payment: Payment) async throws -> ProviderOrder
    /// What became of the order: the one source of truth.
    func status(of attempt: PaymentAttempt) async throws -> ProviderAnswer
    /// Takes back an order that nobody has paid; what it is afterwards.
    func cancel(_ attempt: PaymentAttempt) async throws -> ProviderAnswer
    /// Sends money back, once per key. Whatever it throws tells nothing: the money may be on its way.
    func refund(_ amount: Money, of attempt: PaymentAttempt, key: UUID) async throws -> RefundAnswer
    /// Checks a webhook on its raw body; throws `signature_invalid`.
    func read(_ webhook: RawWebhook, now: Instant) throws -> WebhookNotice
}

/// An order as the provider knows it.
package struct ProviderOrder: Sendable {
    package let id: String
    package let checkoutURL: String?
}

/// A webhook as it came, before anything in it is believed.
package struct RawWebhook: Sendable {
    package let body: [UInt8]
    /// The value of the provider's signature field.
    package let signature: String
}

/// What a genuine webhook is about. Only a reason to ask the provider: its content grants nothing.
package struct WebhookNotice: Equatable, Sendable {
    package let eventID: String
    package let type: String
    /// The provider's order.
    package let orderID: String?
}
