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
    package let checkoutURL: String?
    package let amount: Money

    static func first(of payment: NewPayment) -> PaymentAttempt {
        PaymentAttempt(
            id: .new(), paymentID: payment.id, number: 1, provider: payment.provider, idempotencyKey: .v7(),
            orderID: nil, checkoutURL: nil, amount: payment.quote.amount)
    }
}
