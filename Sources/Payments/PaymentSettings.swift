import Service
import Values

/// Settings of payments.
package enum PaymentSettings {
    package static let returnURL = Setting<String?>(
        "PAYMENT_RETURN_URL", "payments.returnURL", default: nil, .webAddress,
        meaning: "Where payers go after a payment that names no address; else APP_URL, else PUBLIC_URL.")
    package static let returnHosts = Setting<[String]>(
        "RETURN_HOSTS", "payments.returnHosts", default: [], .hosts,
        meaning: "Hosts, with their port if it is not the usual one, to which payers may be sent back.")
    package static let sandboxSecret = Setting<String>(
        "SANDBOX_WEBHOOK_SECRET", "payments.sandboxSecret", default: "sandbox", .notEmpty, secret: true,
        meaning: "What the sandbox provider signs its webhooks with. There is no sandbox in production.")
    package static let commissionPercent = Setting<String>(
        "COMMISSION_PERCENT", "payments.commissionPercent", default: "5", .percent,
        meaning: "The platform's share of a payment where the payee has no terms of his own, in percent.")

    package static let rows: [any SettingRow] = [returnURL, returnHosts, sandboxSecret, commissionPercent]
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
}

extension SettingCheck where Value == [String] {
    fileprivate static var hosts: SettingCheck {
        SettingCheck { hosts in
            let areHosts = hosts.allSatisfy { ReturnAddresses.host(of: "https://\($0)") == $0.lowercased() }
            return areHosts ? nil : "expected hosts such as shop.example or shop.example:8443"
        }
    }
}
