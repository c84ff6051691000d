import JSON

/// The languages that mails, documents and pages come in.
package enum UserLocale: String, WireEnum {
    case ru, en, bg, uk, pl, de, fr, es, it, kk, be, hi, ar
}

extension UserLocale {
    /// Of a language tag that another service tells of somebody. `pt-br` is nobody's language here: he gets English. Whoever says
    /// nothing gets what everybody gets.
    static func spoken(_ tag: String?) -> UserLocale {
        guard let tag else { return .ru }
        return UserLocale(rawValue: String(tag.lowercased().prefix { $0 != "-" })) ?? .en
    }
}
