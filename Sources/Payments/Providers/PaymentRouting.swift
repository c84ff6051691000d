import Values

/// By which providers a payment of a currency goes, the best first (0-platform, 4.6).
package struct PaymentRouting: Sendable {
    /// Up to it Razorpay is the cheaper one, above it Cashfree: 2 % against 1.5 % + 3 rupees.
    package var breakEven: Money { decided() }
    private let decided: @Sendable () -> Money

    /// - Parameter breakEven: asked each time: operators change it.
    package init(breakEven: @escaping @Sendable () -> Money = { Money(minor: 600_00, currency: .inr) }) { decided = breakEven }

    func route(_ amount: Money) -> [String] {
        switch amount.currency {
        case .inr: amount.minor <= breakEven.minor ? ["razorpay", "cashfree"] : ["cashfree", "razorpay"]
        case .rub: ["yookassa"]
        case .dzd: ["chargily"]
        case .xtr: [StarsProvider.name]
        default: ["stripe"]
        }
    }
}
