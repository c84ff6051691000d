import Service

/// Settings of balances and of what the bot says about them.
package enum RechargeSettings {
    package static let method = Setting<PaymentMethod>(
        "PAYMENT_PROVIDER", "urgent.method", default: .telegramStars,
        meaning: "By what a balance of the urgent board is filled where nobody says.")
    package static let isFree = Setting<Bool>(
        "DEV_RECHARGE", "urgent.isFree", default: false,
        meaning: "Whether balances of the urgent board are filled without a payment; never in production."
    ) { value, settings in
        value && settings[GeneralSettings.environment] == .production ? "is set, and ENVIRONMENT is production" : nil
    }
    package static let support = Setting<String?>(
        "SUPPORT_URL", "urgent.support", default: nil, .webAddress,
        meaning: "Where users of the urgent board turn to: what its bot answers to /paysupport and /help.")

    package static let rows: [any SettingRow] = [method, isFree, support]
}

extension PaymentMethod: SettingValue {
    package static var expectation: String { allCases.map(\.rawValue).joined(separator: ", ") }
    package init?(setting text: String) { self.init(rawValue: text) }
    package var settingText: String { rawValue }
}
