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

/// A provider's answer about an order with what it says beside it.
package struct ProviderReport: Equatable, Sendable {
    package let answer: ProviderAnswer
    /// The provider's own payment, where that is not the order.
    package var paymentID: String?
    /// `card`, `upi`: in the provider's words.
    package var method: String?
    /// What it keeps of the payment, in the payment's minor units; nil where it does not say.
    package var fee: Int64?
    /// The status in the provider's words.
    package var rawStatus: String?
    /// What the payer has paid by, where the provider keeps it for him.
    package var kept: KeptMethod?

    package init(
        _ answer: ProviderAnswer, paymentID: String? = nil, method: String? = nil, fee: Int64? = nil,
        rawStatus: String? = nil, kept: KeptMethod? = nil
    ) {
        self.kept = kept
        self.answer = answer
        self.paymentID = paymentID
        self.method = method.map { String($0.prefix(20)) }
        self.fee = fee
        self.rawStatus = rawStatus.map { String($0.prefix(60)) }
    }
}

/// A provider's charge by its price list: a fixed part and a percentage, half up.
package struct ProviderTariff: Equatable, Sendable {
    let currency: Currency
    let percent: Percent
    /// In minor units.
    let fixed: Int64

    package func fee(of amount: Money) throws(ArithmeticError) -> Int64? {
        guard amount.currency == currency else { return nil }
        return try (amount.part(percent) + Money(minor: fixed, currency: currency)).minor
    }
}

/// What a provider says when it is asked about money that goes back.
package enum RefundAnswer: Equatable, Sendable {
    /// Sent, and known to the provider by this id.
    case sent(String)
    /// Accepted, known by this id, and not yet sent; it is asked again.
    case pending(String)
    /// Refused for good: nothing has gone back, and under this key nothing will.
    case refused(String)
    /// It has no way of its own: whoever gives the money back does so by hand.
    case byHand
}

/// Money that a provider is to send back.
package struct RefundOrder: Sendable {
    package let amount: Money
    /// The order that was paid.
    package let attempt: PaymentAttempt
    package let key: UUID
    /// `RFD-202611-000001`
    package let number: String
    /// What the provider calls it, once it has said so.
    package let providerID: String?

    init(_ refund: Refund, through attempt: PaymentAttempt, key: UUID? = nil) {
        amount = refund.amount
        self.attempt = attempt
        self.key = key ?? refund.idempotencyKey
        number = refund.number
        // What it calls this one tells nothing of an earlier one.
        providerID = key == nil ? refund.providerID : nil
    }
}
