import Values

/// One order at a provider.
package struct PaymentAttempt: Sendable {
    package let id: ID<PaymentAttempt>
    package let paymentID: ID<Payment>
    package let number: Int
    package let provider: String
    /// One key for the whole life of the order, however often a call is repeated.
    package let idempotencyKey: UUID
    package let orderID: String?
    /// What the provider calls the payment by this order, once it is paid.
    package var providerPaymentID: String?
    /// Sealed: see `CheckoutVault`.
    package let checkout: [UInt8]?
    /// When somebody last set out to make it.
    package var askedAt: Instant?
    package let amount: Money

    /// Making an order and looking it up take no longer; whoever takes longer was interrupted.
    static let longestMaking = Duration.seconds(45)

    static func first(of payment: NewPayment) -> PaymentAttempt {
        PaymentAttempt(
            id: .new(), paymentID: payment.id, number: 1, provider: payment.provider, idempotencyKey: .v7(),
            orderID: nil, checkout: nil, amount: payment.quote.amount)
    }

    /// The next order of the same payment, at another provider.
    func next(at provider: String) -> PaymentAttempt {
        PaymentAttempt(
            id: .new(), paymentID: paymentID, number: number + 1, provider: provider, idempotencyKey: .v7(), orderID: nil,
            checkout: nil, amount: amount)
    }

    /// The same, known to the provider by that.
    func known(as order: ProviderOrder) -> PaymentAttempt {
        PaymentAttempt(
            id: id, paymentID: paymentID, number: number, provider: provider, idempotencyKey: idempotencyKey,
            orderID: order.id, providerPaymentID: providerPaymentID, checkout: checkout, askedAt: askedAt, amount: amount)
    }

    /// Somebody is at it.
    func isBeingMade(at now: Instant) -> Bool {
        guard orderID == nil, let askedAt else { return false }
        return askedAt > now - Self.longestMaking
    }
}
