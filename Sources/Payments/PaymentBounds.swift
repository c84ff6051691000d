import Values

/// What one payment may be, by hand or online: up to 999 999.99 of any currency (1-condominiums, 4.6). What is larger is
/// paid in parts.
enum PaymentBounds {
    static let most = DecimalNumber(FixedPoint<2>(raw: 99_999_999))

    /// Facts that a purpose may note with a payment (0-platform, 2.2).
    static let metadata = 16

    /// As many whole minor units as fit.
    static func most(in currency: Currency) -> Money {
        let scaled = (0..<currency.exponent).reduce(Int64(99_999_999)) { amount, _ in amount * 10 }
        return Money(minor: scaled / 100, currency: currency)
    }
}
