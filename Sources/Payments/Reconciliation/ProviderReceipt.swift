import Values

/// Money that a provider says it has received for us.
package struct ProviderReceipt: Equatable, Sendable {
    /// The provider's order; nil where it only names its payment.
    package let orderID: String?
    package let paymentID: String?
    package let amount: Money
    /// What of it has gone back, in minor units; nil where it does not say.
    package let refunded: Int64?

    package init(orderID: String?, paymentID: String?, amount: Money, refunded: Int64?) {
        self.orderID = orderID
        self.paymentID = paymentID
        self.amount = amount
        self.refunded = refunded
    }
}

/// Some of a provider's receipts, and where the rest begins.
package struct ReceiptPage: Sendable {
    package let receipts: [ProviderReceipt]
    package let next: String?

    package init(_ receipts: [ProviderReceipt], next: String?) {
        self.receipts = receipts
        self.next = next
    }
}
