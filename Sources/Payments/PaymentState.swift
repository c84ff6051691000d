import Values

/// The life of a payment as a value: what a provider says goes in, what has to be done comes out.
package struct PaymentState: Equatable, Sendable {
    package private(set) var status: PaymentStatus
    package let amount: Money
    /// What is to be taken of it: all, unless staff have decided to take less of what is held.
    package let expected: Money
    package private(set) var captured: Int64
    package private(set) var refunded: Int64
    package private(set) var isLate: Bool
    package private(set) var failure: PaymentFailure?

    package init(
        status: PaymentStatus, amount: Money, expected: Money? = nil, captured: Int64 = 0, refunded: Int64 = 0, isLate: Bool = false,
        failure: PaymentFailure? = nil
    ) {
        self.status = status
        self.amount = amount
        self.expected = expected ?? amount
        self.captured = captured
        self.refunded = refunded
        self.isLate = isLate
        self.failure = failure
    }

    /// What follows from a step.
    package enum Consequence: Equatable, Sendable {
        /// All is as it was.
        case nothing
        /// Only the row changes.
        case changed
        /// The money is here: book it, hand it to the purpose, write the receipt.
        case settle
        /// Ended without money.
        case ended
        /// Money of a wrong amount or currency: staff must look.
        case alarm
    }

    /// What the provider answered about the order. The only way to success.
    package mutating func receive(_ answer: ProviderAnswer) -> Consequence {
        if status.isPaid { return .nothing }
        switch answer {
        case .paid(let paid): return receive(paid)
        case .open: return advance(to: .pending, from: [.created, .unknown])
        case .authorized: return advance(to: .authorized, from: [.created, .pending, .unknown])
        case .unknown: return advance(to: .unknown, from: [.created, .pending, .authorized])
        case .failed(let failure): return end(.failed, failure)
        case .cancelled: return end(.cancelled, nil)
        case .expired: return end(.expired, nil)
        }
    }

    /// The payer or staff give up. An authorised payment is released at the provider first.
    package mutating func cancel() -> Consequence {
        guard status == .created || status == .pending else { return .nothing }
        return end(.cancelled, nil)
    }

    /// Its time is over, and the provider has just said that nothing was paid.
    package mutating func expire() -> Consequence {
        guard status == .created || status == .pending else { return .nothing }
        return end(.expired, nil)
    }

    /// Money has gone back; refunded wholly only at the full amount.
    package mutating func refund(_ money: Int64) throws(PaymentProblem) {
        guard status == .succeeded || status == .partiallyRefunded else { throw .paymentNotCompleted }
        guard money > 0, money <= captured - refunded else { throw .refundExceeds }
        refunded += money
        status = refunded == captured ? .refunded : .partiallyRefunded
    }

    private mutating func receive(_ paid: Money) -> Consequence {
        guard paid == expected else {
            // Staff know already; asking again tells nothing new.
            if failure?.code == PaymentFailure.wrongAmount.code { return .nothing }
            if status.isOpen { status = .failed }
            failure = .wrongAmount
            return .alarm
        }
        isLate = !status.isOpen
        status = .succeeded
        captured = expected.minor
        failure = nil
        return .settle
    }

    private mutating func advance(to next: PaymentStatus, from allowed: [PaymentStatus]) -> Consequence {
        guard allowed.contains(status) else { return .nothing }
        status = next
        return .changed
    }

    private mutating func end(_ end: PaymentStatus, _ reason: PaymentFailure?) -> Consequence {
        guard status.isOpen else { return .nothing }
        status = end
        failure = reason
        return .ended
    }
}

/// Why a payment failed: a stable code, and a sentence for the payer.
package struct PaymentFailure: Equatable, Sendable {
    package let code: String
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// The provider never heard of it.
    package static let orderMissing = PaymentFailure(
        code: "order_missing", message: "The payment was not begun; please try again.")

    package static let wrongAmount = PaymentFailure(
        code: "amount_mismatch", message: "The provider took another amount than was asked for; the office looks into it.")
}
