import Service
import Values

/// Settings of payments.
package enum PaymentSettings {
    package static let returnURL = Setting<String?>(
        "PAYMENT_RETURN_URL", "payments.returnURL", default: nil, .webAddress,
        meaning: "Where payers go after a payment that names no address; else APP_URL, else PUBLIC_URL.")
    package static let returnHosts = Setting<[String]>(
        "RETURN_HOSTS", "payments.returnHosts", default: [], .hosts, changeable: .platform,
        meaning: "Hosts, with their port if it is not the usual one, and schemes of applications (shop://), to which payers may be sent back.")
    package static let sandboxSecret = Setting<String>(
        "SANDBOX_WEBHOOK_SECRET", "payments.sandboxSecret", default: "sandbox", .notEmpty, secret: true,
        meaning: "What the sandbox provider signs its webhooks with. There is no sandbox in production.")
    package static let commissionPercent = Setting<String>(
        "COMMISSION_PERCENT", "payments.commissionPercent", default: "5", .percent, changeable: .platform,
        meaning: "The platform's share of a payment where the payee has no terms of his own, in percent.")
    package static let breakEven = Setting<String>(
        "PAYMENT_BREAKEVEN_INR", "payments.breakEven", default: "600", .rupees, changeable: .platform,
        meaning: "Up to how many rupees a payment goes by Razorpay; a larger one goes by Cashfree, which is cheaper there.")
    package static let refundWindow = Setting<Int>(
        "REFUND_WINDOW_DAYS", "payments.refundWindow", default: 14, .range(0...365), changeable: .platform,
        meaning: "How many days after a payment its payer may ask for it back.")
    package static let refundAutoApprove = Setting<String>(
        "REFUND_AUTO_APPROVE", "payments.refundAutoApprove", default: "0", .amount, changeable: .platform,
        meaning: "Up to which amount, in any currency, a payer's wish for money back is approved by itself.")

    package static let lifetime = Setting<Int>(
        "PAYMENT_TTL_MINUTES", "payments.lifetime", default: 15, .range(5...10_080),
        meaning: "How many minutes a payment can be made whose object says nothing else; then it ends, and what still comes is late.")

    package static let payoutHold = Setting<Int>(
        "PAYOUT_HOLD_DAYS", "payments.payoutHold", default: 3, .range(0...90), changeable: .platform,
        meaning: "How many days what a payee has earned stays before it is paid out.")
    package static let payoutMinimum = Setting<String>(
        "PAYOUT_MINIMUM", "payments.payoutMinimum", default: "1000", .amount, changeable: .platform,
        meaning: "What is less, in any currency, waits for the next run of payouts.")

    package static let payoutMode = Setting<PayoutMode>(
        "PAYOUT_MODE", "payments.payoutMode", default: .manual,
        meaning: "How payouts leave unless staff say so for one: by hand, or by a provider where one can bring it there.")
    package static let payoutSecondApproval = Setting<String?>(
        "PAYOUT_SECOND_APPROVAL", "payments.payoutSecondApproval", default: nil, .optionalAmount, changeable: .platform,
        meaning: "Above this amount, in any currency, two of the staff have to let a payout go; left out: one does.")

    package static let starRate = Setting<Int>(
        "STAR_RATE_KOPECKS", "payments.starRate", default: 150, .range(1...100_000), changeable: .platform,
        meaning: "What a Star of Telegram counts for, in kopecks, where roubles are paid in Stars; rounded up to whole Stars.")

    package static let rows: [any SettingRow] =
        [
            returnURL, returnHosts, sandboxSecret, commissionPercent, breakEven, refundWindow, refundAutoApprove, lifetime,
            payoutHold, payoutMinimum, payoutMode, payoutSecondApproval, starRate,
        ]
        + ProviderSettings.rows
}

extension SettingCheck where Value == String {
    fileprivate static var percent: SettingCheck {
        SettingCheck { text in
            guard let percent = Percent(text), percent >= 0, percent <= 100 else {
                return "expected 0 to 100 with at most two decimals"
            }
            return nil
        }
    }

    fileprivate static var rupees: SettingCheck {
        SettingCheck { text in
            guard let amount = DecimalNumber(text), amount >= 0, amount.minorUnits(of: .inr) != nil else {
                return "expected an amount of rupees with at most two decimals"
            }
            return nil
        }
    }

    fileprivate static var amount: SettingCheck {
        SettingCheck { text in
            guard let amount = DecimalNumber(text), amount >= 0 else { return "expected an amount" }
            return nil
        }
    }
}

extension SettingCheck where Value == String? {
    fileprivate static var optionalAmount: SettingCheck {
        SettingCheck { text in
            guard let text else { return nil }
            return DecimalNumber(text).map { $0 > 0 } == true ? nil : "expected an amount above zero"
        }
    }
}

extension SettingCheck where Value == [String] {
    fileprivate static var hosts: SettingCheck {
        SettingCheck { hosts in
            let areHosts = hosts.allSatisfy { host in
                let text = host.lowercased()
                if text.hasSuffix("://") { return ReturnAddresses.scheme(of: text).map { "\($0)://" } == text }
                return ReturnAddresses.host(of: "https://\(text)") == text
            }
            return areHosts ? nil : "expected hosts such as shop.example or shop.example:8443, or schemes such as shop://"
        }
    }
}
