/// What a payer's client brings back from the provider's checkout. It grants nothing: the provider is asked all the same.
package struct CheckoutProof: Sendable {
    package let orderID: String?
    package let paymentID: String?
    package let signature: String?
}
