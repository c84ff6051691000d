import Values

/// What the operator has decided about payments.
package struct PaymentTerms: Sendable {
    /// How long after a payment its payer may ask for it back (`REFUND_WINDOW_DAYS`).
    package var refundWindow = Duration.days(14)
    /// Up to how many major units of its currency a payer's wish is approved by itself (`REFUND_AUTO_APPROVE`).
    package var autoApproved = DecimalNumber(0)

    /// How long a payment can be made whose purpose says nothing else (`PAYMENT_TTL_MINUTES`).
    package var lifetime = Duration.minutes(15)

    package init() {}
}
