import Jobs
import Service
import Values

/// Owners of money whom the platform pays out, as a product registers them.
package struct PayeeKind: Sendable {
    package let type: ScopeType
    package let product: String
    /// What has been earned less long ago stays.
    package let hold: Duration
    /// In major units of any currency: what is less waits for the next run.
    package let minimum: DecimalNumber
    /// Days from its forming until it is to be paid.
    package let dueDays: Int
    /// When payouts are formed.
    package let schedule: Cron
    /// The time zone of its market.
    package let zone: String

    package init(
        _ type: ScopeType, product: String, hold: Duration = .days(3), minimum: DecimalNumber = 1000, dueDays: Int = 3,
        schedule: Cron = "0 10 * * 1", zone: String = "UTC"
    ) {
        self.type = type
        self.product = product
        self.hold = hold
        self.minimum = minimum
        self.dueDays = dueDays
        self.schedule = schedule
        self.zone = zone
    }
}
