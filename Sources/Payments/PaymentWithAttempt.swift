import Postgres
import Values

/// A payment and its newest order at a provider.
package struct PaymentWithAttempt: Row {
    package let payment: Payment
    /// Nil when it was taken by hand.
    package let attempt: PaymentAttempt?

    package init(_ row: inout RowReader) throws {
        payment = try Payment(&row)
        let id: ID<PaymentAttempt>? = try row.next()
        let paymentID: ID<Payment>? = try row.next()
        let number: Int? = try row.next()
        let provider: String? = try row.next()
        let key: UUID? = try row.next()
        let orderID: String? = try row.next()
        let providerPaymentID: String? = try row.next()
        let checkout: [UInt8]? = try row.next()
        let askedAt: Instant? = try row.next()
        let amount: Int64? = try row.next()
        let currency: Currency = try row.next()
        guard let id, let paymentID, let number, let provider, let key, let amount else {
            attempt = nil
            return
        }
        attempt = PaymentAttempt(
            id: id, paymentID: paymentID, number: number, provider: provider, idempotencyKey: key, orderID: orderID,
            providerPaymentID: providerPaymentID, checkout: checkout, askedAt: askedAt, amount: Money(minor: amount, currency: currency))
    }
}

/// An order whose provider is to be asked.
struct DueCheck: Row {
    let attemptID: ID<PaymentAttempt>
    let paymentID: ID<Payment>
    let checks: Int
    let expiresAt: Instant

    init(_ row: inout RowReader) throws {
        attemptID = try row.next()
        paymentID = try row.next()
        checks = try row.next()
        expiresAt = try row.next()
    }
}
