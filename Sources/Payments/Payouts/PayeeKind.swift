import Jobs
import Service
import Values

/// Owners of money whom the platform pays out, as a product registers them.
package struct PayeeKind: Sendable {
    package let type: ScopeType
    package let product: String
    /// What the operator has decided by now.
    let terms: @Sendable () -> PayoutTerms
    /// Days from its forming until it is to be paid.
    package let dueDays: Int
    /// When payouts are formed.
    package let schedule: Cron
    /// The time zone of its market.
    package let zone: String

    package init(
        _ type: ScopeType, product: String, dueDays: Int = 3, schedule: Cron = "0 10 * * 1", zone: String = "UTC",
        terms: @escaping @Sendable () -> PayoutTerms = { PayoutTerms() }
    ) {
        self.type = type
        self.product = product
        self.dueDays = dueDays
        self.schedule = schedule
        self.zone = zone
        self.terms = terms
    }
}

/// What the operator has decided about payouts of a kind.
package struct PayoutTerms: Sendable {
    /// What has been earned less long ago stays.
    package var hold = Duration.days(3)
    /// In major units of any currency: what is less waits for the next run.
    package var minimum: DecimalNumber = 1000
    /// Above so many major units of any currency two of the staff let a payout go; nil where one does.
    package var secondApprovalAbove: DecimalNumber?

    package init() {}
}
