import JSON
import Values

/// For how long one pays at once.
package enum BillingCycle: String, WireEnum {
    case monthly
    case quarterly
    case halfYearly = "half_yearly"
    case annual
    case days30

    /// Nil for one that is counted in days.
    var months: Int? {
        switch self {
        case .monthly: 1
        case .quarterly: 3
        case .halfYearly: 6
        case .annual: 12
        case .days30: nil
        }
    }

    /// The end of a period that begins then: the anchor's day some months on, of a shorter month its last.
    package func end(of start: Instant, anchor: Int) -> Instant {
        guard let months else { return start + .days(30) }
        let day = start.day
        let month = day.period.adding(months: months)
        let target = min(month.firstDay.adding(days: anchor - 1), month.lastDay)
        return start + .days(target.days(since: day))
    }

    /// What a cycle costs where a plan names only its monthly price, in ten-thousandths of that (0-platform, 4.7).
    private var factor: Int64? {
        switch self {
        case .monthly: 10_000
        case .quarterly: 3 * 9_000
        case .halfYearly: 6 * 8_334
        case .annual: 12 * 7_500
        case .days30: nil
        }
    }

    /// In whole units of the currency, half up.
    func price(from monthly: Money) throws -> Money? {
        guard let factor else { return nil }
        if self == .monthly { return monthly }
        let unit = Money.unit(of: monthly.currency)
        return Money(
            minor: try monthly.scaled(by: factor, over: 10_000 * unit).minor * unit, currency: monthly.currency)
    }

    /// What an amount for the cycle comes to in a month, half up.
    func monthly(_ amount: Int64) -> Int64 {
        let months = Int64(months ?? 1)
        return (2 * amount + months) / (2 * months)
    }
}

extension Money {
    /// How many minor units one of the currency has.
    static func unit(of currency: Currency) -> Int64 { (0..<currency.exponent).reduce(Int64(1)) { unit, _ in unit * 10 } }
}

package enum SubscriptionStatus: String, WireEnum {
    case pending, trialing, active
    case pastDue = "past_due"
    case cancelled, expired

    package var isLive: Bool {
        switch self {
        case .pending, .trialing, .active, .pastDue: true
        case .cancelled, .expired: false
        }
    }

    /// What the plan offers may be used.
    package var isEntitling: Bool { self == .trialing || self == .active || self == .pastDue }
}

enum SubscriptionChange: String, WireEnum {
    case created, activated, renewed, upgraded, downgraded, cancelled, resumed, expired, extended, comped
    case paymentFailed = "payment_failed"
}
