import Values

/// What a provider is told of a payment whose order it is to make.
package struct OrderRequest: Sendable {
    package let attempt: PaymentAttempt
    package let payment: Payment
    package let payer: Payer
    /// What he has saved there and wants to pay by.
    package let saved: SavedMethod?
    /// As whom it is to keep what he pays by; nil where nothing is kept.
    package let customerID: String?
    /// Where it sends the payer afterwards: to us, who send him on.
    package let returnURL: String
    /// Where it tells us what happened.
    package let webhookURL: String
}

/// An order as the provider knows it.
package struct ProviderOrder: Sendable {
    package let id: String
    package let checkout: Checkout

    package init(id: String, checkout: Checkout) {
        self.id = id
        self.checkout = checkout
    }
}
