import Service

/// Settings of subscriptions.
package enum SubscriptionSettings {
    package static let grace = Setting<Int>(
        "GRACE_DAYS", "subscriptions.grace", default: 7, .range(0...90),
        meaning: "Days that an unpaid renewal keeps what it entitles to.")
    package static let trial = Setting<Int>(
        "TRIAL_DAYS", "subscriptions.trial", default: 14, .range(1...365),
        meaning: "Days of trial plans that do not say how many.")

    package static let rows: [any SettingRow] = [grace, trial]
}
