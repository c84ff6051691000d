import Service
import Values

/// Settings of subscriptions.
package enum SubscriptionSettings {
    package static let grace = Setting<Int>(
        "GRACE_DAYS", "subscriptions.grace", default: 7, .range(0...90),
        meaning: "Days that an unpaid renewal keeps what it entitles to.")
    package static let trial = Setting<Int>(
        "TRIAL_DAYS", "subscriptions.trial", default: 14, .range(1...365),
        meaning: "Days of trial plans that do not say how many.")

    package static let taxRate = Setting<Int>(
        "GST_RATE", "subscriptions.taxRate", default: 18, .range(0...40),
        meaning: "India's tax on what the platform sells in rupees, in percent.")
    package static let taxState = Setting<Int>(
        "PLATFORM_STATE_CODE", "subscriptions.taxState", default: 29, .range(1...97),
        meaning: "Number of the state that the platform sells from, as that tax has it: 29 for Karnataka.")
    package static let includesTax = Setting<Bool>(
        "PRICES_INCLUDE_GST", "subscriptions.includesTax", default: true,
        meaning: "Whether prices in rupees have that tax in them; otherwise it is asked for beside them.")

    package static let rows: [any SettingRow] = [grace, trial, taxRate, taxState, includesTax]
}

extension GoodsTax {
    package init(_ settings: Settings) {
        self.init(
            rate: Percent(raw: Int64(settings[SubscriptionSettings.taxRate]) * 100),
            state: settings[SubscriptionSettings.taxState], isIncluded: settings[SubscriptionSettings.includesTax])
    }
}
