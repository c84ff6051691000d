import Service

/// Accounts at payment providers. One without its key is not set up. Operators change them while the program runs, but not
/// where a provider is asked.
package enum ProviderSettings {
    package static let stripeEnabled = enabled("STRIPE", "stripe", "Stripe")
    package static let razorpayEnabled = enabled("RAZORPAY", "razorpay", "Razorpay")
    package static let cashfreeEnabled = enabled("CASHFREE", "cashfree", "Cashfree")
    package static let yooKassaEnabled = enabled("YOOKASSA", "yookassa", "YooKassa")
    package static let chargilyEnabled = enabled("CHARGILY", "chargily", "Chargily")
    package static let starsEnabled = enabled("TELEGRAM_STARS", "telegram_stars", "the Stars of Telegram")

    package static let stripeSecret = secret(
        "STRIPE_SECRET_KEY", "stripe.secretKey", "Account at Stripe, for all currencies that have no other provider.",
        with: "STRIPE_WEBHOOK_SECRET") { $0[stripeWebhookSecret] }
    package static let stripePublishable = Setting<String?>(
        "STRIPE_PUBLISHABLE_KEY", "stripe.publishableKey", default: nil, changeable: .payments,
        meaning: "Given to clients, which then show Stripe's own elements; left out, payers go to Stripe's page.")
    package static let stripeWebhookSecret = secret(
        "STRIPE_WEBHOOK_SECRET", "stripe.webhookSecret", "What Stripe signs its webhooks with.")
    package static let stripeURL = address("STRIPE_API_URL", "stripe.apiURL", "https://api.stripe.com/v1", "Stripe")

    package static let razorpayID = Setting<String?>(
        "RAZORPAY_KEY_ID", "razorpay.keyID", default: nil, changeable: .payments, meaning: "Account at Razorpay, for rupees; clients see it.",
        conflict: { id, settings in
            guard id != nil else { return nil }
            if settings[razorpaySecret] == nil { return "needs RAZORPAY_KEY_SECRET" }
            return settings[razorpayWebhookSecret] == nil ? "needs RAZORPAY_WEBHOOK_SECRET" : nil
        })
    package static let razorpaySecret = secret(
        "RAZORPAY_KEY_SECRET", "razorpay.keySecret", "Secret of the account at Razorpay.")
    package static let razorpayWebhookSecret = secret(
        "RAZORPAY_WEBHOOK_SECRET", "razorpay.webhookSecret", "What Razorpay signs its webhooks with.")
    package static let razorpayURL = address(
        "RAZORPAY_API_URL", "razorpay.apiURL", "https://api.razorpay.com/v1", "Razorpay")

    package static let razorpayXAccount = Setting<String?>(
        "RAZORPAYX_ACCOUNT_NUMBER", "razorpay.accountNumber", default: nil, changeable: .payments,
        meaning: "Account at RazorpayX that payouts in rupees leave from, with the same key.",
        conflict: { number, settings in
            number != nil && settings[razorpayID] == nil ? "needs RAZORPAY_KEY_ID" : nil
        })

    package static let cashfreeID = Setting<String?>(
        "CASHFREE_APP_ID", "cashfree.appID", default: nil, changeable: .payments, meaning: "Account at Cashfree, for rupees.",
        conflict: { id, settings in
            id != nil && settings[cashfreeSecret] == nil ? "needs CASHFREE_SECRET_KEY" : nil
        })
    package static let cashfreeSecret = secret(
        "CASHFREE_SECRET_KEY", "cashfree.secretKey", "Secret of the account at Cashfree; it signs its webhooks with it, too.")
    package static let cashfreeMode = Setting<CashfreeMode>(
        "CASHFREE_MODE", "cashfree.mode", default: .sandbox, changeable: .payments,
        meaning: "Whether real money moves at Cashfree.")
    package static let cashfreeURL = Setting<String?>(
        "CASHFREE_API_URL", "cashfree.apiURL", default: nil, .webAddress,
        meaning: "Where Cashfree is asked; left out, the address of its mode.")

    package static let yooKassaShop = Setting<String?>(
        "YOOKASSA_SHOP_ID", "yookassa.shopID", default: nil, changeable: .payments, meaning: "Shop at YooKassa, for roubles.",
        conflict: { id, settings in
            id != nil && settings[yooKassaSecret] == nil ? "needs YOOKASSA_SECRET_KEY" : nil
        })
    package static let yooKassaSecret = secret(
        "YOOKASSA_SECRET_KEY", "yookassa.secretKey", "Secret of the shop at YooKassa.")
    package static let yooKassaAgent = Setting<String?>(
        "YOOKASSA_PAYOUT_AGENT_ID", "yookassa.payoutAgentID", default: nil, changeable: .payments,
        meaning: "Gateway for payouts at YooKassa, to cards and wallets.",
        conflict: { id, settings in
            id != nil && settings[yooKassaPayoutSecret] == nil ? "needs YOOKASSA_PAYOUT_SECRET_KEY" : nil
        })
    package static let yooKassaPayoutSecret = secret(
        "YOOKASSA_PAYOUT_SECRET_KEY", "yookassa.payoutSecretKey", "Secret of the gateway for payouts at YooKassa.")
    package static let yooKassaNetworks = Setting<[String]>(
        "YOOKASSA_NETWORKS", "yookassa.networks",
        default: [
            "185.71.76.0/27", "185.71.77.0/27", "77.75.153.0/25", "77.75.154.128/25", "77.75.156.11", "77.75.156.35",
            "2a02:5180::/32",
        ], .networks, changeable: .payments, meaning: "From where webhooks of YooKassa, which are not signed, are taken.")
    package static let yooKassaURL = address(
        "YOOKASSA_API_URL", "yookassa.apiURL", "https://api.yookassa.ru/v3", "YooKassa")

    package static let chargilySecret = secret(
        "CHARGILY_SECRET_KEY", "chargily.secretKey", "Account at Chargily, for dinars; it signs its webhooks with it, too.")
    package static let chargilyMode = Setting<ChargilyMode>(
        "CHARGILY_MODE", "chargily.mode", default: .test, changeable: .payments,
        meaning: "Whether real money moves at Chargily.")
    package static let chargilyURL = Setting<String?>(
        "CHARGILY_API_URL", "chargily.apiURL", default: nil, .webAddress,
        meaning: "Where Chargily is asked; left out, the address of its mode.")

    package static let rows: [any SettingRow] = [
        stripeEnabled, stripeSecret, stripePublishable, stripeWebhookSecret, stripeURL, razorpayEnabled, razorpayID, razorpaySecret, razorpayWebhookSecret,
        razorpayURL, razorpayXAccount, cashfreeEnabled, cashfreeID, cashfreeSecret, cashfreeMode, cashfreeURL, yooKassaEnabled, yooKassaShop, yooKassaSecret, yooKassaAgent, yooKassaPayoutSecret, yooKassaNetworks,
        yooKassaURL, chargilyEnabled, chargilySecret, chargilyMode, chargilyURL, starsEnabled,
    ]

    /// By the name of the provider, whether it is offered.
    static let offers: [(name: String, setting: Setting<Bool>)] = [
        ("stripe", stripeEnabled), ("razorpay", razorpayEnabled), ("cashfree", cashfreeEnabled), ("yookassa", yooKassaEnabled),
        ("chargily", chargilyEnabled), (StarsProvider.name, starsEnabled),
    ]

    private static func enabled(_ upper: String, _ section: String, _ name: String) -> Setting<Bool> {
        Setting<Bool>(
            "\(upper)_ENABLED", "\(section).isEnabled", default: true, changeable: .payments,
            meaning: "Whether new payments go by \(name), if it is set up; what has been begun goes on in any case.")
    }

    private static func secret(
        _ name: String, _ key: String, _ meaning: String, with other: String = "",
        _ companion: (@Sendable (Settings) -> String?)? = nil
    ) -> Setting<String?> {
        Setting<String?>(
            name, key, default: nil, .length(atLeast: 8), secret: true, changeable: .payments, meaning: meaning,
            conflict: { value, settings in
                guard value != nil, let companion, companion(settings) == nil else { return nil }
                return "needs \(other)"
            })
    }

    private static func address(_ name: String, _ key: String, _ fallback: String, _ provider: String) -> Setting<String> {
        Setting<String>(name, key, default: fallback, .webAddress, meaning: "Where \(provider) is asked.")
    }
}

package enum ChargilyMode: String, SettingValue, CaseIterable {
    case test, live

    var address: String {
        switch self {
        case .test: "https://pay.chargily.net/test/api/v2"
        case .live: "https://pay.chargily.net/api/v2"
        }
    }
}

package enum CashfreeMode: String, SettingValue, CaseIterable {
    case sandbox, production

    var address: String {
        switch self {
        case .sandbox: "https://sandbox.cashfree.com/pg"
        case .production: "https://api.cashfree.com/pg"
        }
    }
}

extension SettingCheck where Value == [String] {
    fileprivate static var networks: SettingCheck {
        SettingCheck { $0.allSatisfy { Network($0) != nil } ? nil : "expected networks such as 10.0.0.0/8" }
    }
}
