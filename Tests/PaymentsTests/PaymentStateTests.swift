import Testing
import Values

@testable import Payments

/// Every status × every answer of a provider (0-platform, 4.5).
@Suite struct PaymentStateTests {
    static let amount = Money(minor: 3_000, currency: .eur)
    static let declined = PaymentFailure(code: "declined", message: "no")

    static let answers: [(ProviderAnswer, String)] = [
        (.open, "open"), (.authorized, "authorized"), (.paid(amount), "paid"),
        (.paid(Money(minor: 2_999, currency: .eur)), "wrong amount"),
        (.paid(Money(minor: 3_000, currency: .usd)), "wrong currency"), (.failed(declined), "failed"),
        (.cancelled, "cancelled"), (.expired, "expired"), (.unknown, "unknown"),
    ]

    static func state(_ status: PaymentStatus) -> PaymentState {
        let captured = status.isPaid ? amount.minor : 0
        let refunded: Int64 = status == .refunded ? 3_000 : status == .partiallyRefunded ? 1_000 : 0
        return PaymentState(status: status, amount: amount, captured: captured, refunded: refunded)
    }

    static let table: [PaymentStatus: [String: (PaymentStatus, PaymentState.Consequence)]] = [
        .created: [
            "open": (.pending, .changed), "authorized": (.authorized, .changed), "paid": (.succeeded, .settle),
            "wrong amount": (.failed, .alarm), "wrong currency": (.failed, .alarm), "failed": (.failed, .ended),
            "cancelled": (.cancelled, .ended), "expired": (.expired, .ended), "unknown": (.unknown, .changed),
        ],
        .pending: [
            "authorized": (.authorized, .changed), "paid": (.succeeded, .settle), "wrong amount": (.failed, .alarm),
            "wrong currency": (.failed, .alarm), "failed": (.failed, .ended), "cancelled": (.cancelled, .ended),
            "expired": (.expired, .ended), "unknown": (.unknown, .changed),
        ],
        .authorized: [
            "paid": (.succeeded, .settle), "wrong amount": (.failed, .alarm), "wrong currency": (.failed, .alarm),
            "failed": (.failed, .ended), "cancelled": (.cancelled, .ended), "expired": (.expired, .ended),
            "unknown": (.unknown, .changed),
        ],
        .unknown: [
            "open": (.pending, .changed), "authorized": (.authorized, .changed), "paid": (.succeeded, .settle),
            "wrong amount": (.failed, .alarm), "wrong currency": (.failed, .alarm), "failed": (.failed, .ended),
            "cancelled": (.cancelled, .ended), "expired": (.expired, .ended),
        ],
        .failed: [
            "paid": (.succeeded, .settle), "wrong amount": (.failed, .alarm), "wrong currency": (.failed, .alarm),
        ],
        .cancelled: [
            "paid": (.succeeded, .settle), "wrong amount": (.cancelled, .alarm), "wrong currency": (.cancelled, .alarm),
        ],
        .expired: [
            "paid": (.succeeded, .settle), "wrong amount": (.expired, .alarm), "wrong currency": (.expired, .alarm),
        ],
        .succeeded: [:], .partiallyRefunded: [:], .refunded: [:],
    ]

    @Test(arguments: PaymentStatus.allCases) func everyAnswer(in status: PaymentStatus) throws {
        let row = try #require(Self.table[status])
        for (answer, name) in Self.answers {
            var state = Self.state(status)
            let consequence = state.receive(answer)
            let (expected, follows) = row[name] ?? (status, .nothing)
            #expect(state.status == expected, "\(status) × \(name)")
            #expect(consequence == follows, "\(status) × \(name)")
        }
    }

    @Test(arguments: [PaymentStatus.failed, .cancelled, .expired]) func successAfterTheEndIsLate(_ status: PaymentStatus) {
        var state = Self.state(status)
        _ = state.receive(.paid(Self.amount))
        #expect(state.isLate)
        #expect(state.captured == 3_000)
    }

    @Test func theSecondSuccessIsNothing() {
        var state = Self.state(.pending)
        #expect(state.receive(.paid(Self.amount)) == .settle)
        #expect(state.receive(.paid(Self.amount)) == .nothing)
        #expect(!state.isLate)
    }

    @Test func refundsNeverExceedWhatWasCaptured() throws {
        var state = Self.state(.succeeded)
        try state.refund(1_000)
        #expect(state.status == .partiallyRefunded)
        #expect(throws: PaymentProblem.refundExceeds) { try state.refund(2_001) }
        try state.refund(2_000)
        #expect(state.status == .refunded)
        #expect(throws: PaymentProblem.paymentNotCompleted) { try state.refund(1) }
    }
}
