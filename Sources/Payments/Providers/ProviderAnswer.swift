import Values

/// What a provider says about an order when it is asked. Nothing else is believed.
package enum ProviderAnswer: Equatable, Sendable {
    /// The order is there and can still be paid.
    case open
    /// The money is held for us, not yet taken.
    case authorized
    case paid(Money)
    case failed(PaymentFailure)
    case cancelled
    case expired
    /// It did not answer, or not clearly. Never guessed: asked again.
    case unknown
}

/// What a provider says when it is asked to send money back.
package enum RefundAnswer: Equatable, Sendable {
    /// Sent, and known to the provider by this id.
    case sent(String)
    /// Refused for good: nothing has gone back, and under this key nothing will.
    case refused(String)
}
