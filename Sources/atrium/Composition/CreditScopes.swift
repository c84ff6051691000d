import Condominiums
import Service

/// Whose short messages cost credits.
enum CreditScopes {
    static let setting = Setting<[String]>(
        "SMS_CREDIT_SCOPES", "sms.creditScopes", default: [], .scopes,
        meaning:
            "Types of scope that pay for their short messages, and for those of scopes below them, from wallets of credits that staff open and fill: company, condo, unit. Empty: none costs anything."
    )

    static func payers(_ settings: Settings) -> Set<ScopeType> { Set(settings[setting].map { ScopeType($0) }) }
}

extension SettingCheck where Value == [String] {
    /// Of the products that there are, whether they are offered or not.
    fileprivate static var scopes: SettingCheck {
        let known = CondominiumsModule.scopes.map(\.type.name)
        return SettingCheck { names in
            names.allSatisfy(known.contains) ? nil : "names no type of scope; known are \(known.joined(separator: ", "))"
        }
    }
}
