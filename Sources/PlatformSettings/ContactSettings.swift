import Service
import Values

/// How people reach whoever runs the platform, and in which languages.
package enum ContactSettings {
    package static let email = Setting<String?>(
        "SUPPORT_EMAIL", "contact.email", default: nil, .email, changeable: .platform, isPublic: true,
        meaning: "Where people write to for help.")
    package static let phone = Setting<String?>(
        "SUPPORT_PHONE", "contact.phone", default: nil, .phone, changeable: .platform, isPublic: true,
        meaning: "Where people call for help.")
    package static let locales = Setting<[String]>(
        "LOCALES", "contact.locales", default: ["en", "ru"], .languages, changeable: .platform, isPublic: true,
        meaning: "Languages that applications offer, as BCP 47 names them, the usual one first.")

    package static let rows: [any SettingRow] = [email, phone, locales]
}

extension SettingCheck where Value == String? {
    fileprivate static var email: SettingCheck {
        SettingCheck { $0.map { EmailAddress($0) == nil } == true ? "expected an e-mail address" : nil }
    }

    fileprivate static var phone: SettingCheck {
        SettingCheck { $0.map { PhoneNumber($0) == nil } == true ? "expected a telephone number such as +79161234567" : nil }
    }
}

extension SettingCheck where Value == [String] {
    fileprivate static var languages: SettingCheck {
        SettingCheck { tags in
            let areTags = !tags.isEmpty && tags.count <= 50 && tags.allSatisfy { tag in
                (2...35).contains(tag.utf8.count) && tag.utf8.allSatisfy { $0 == 45 || $0 >= 48 && $0 <= 57 || $0 | 32 >= 97 && $0 | 32 <= 122 }
            }
            return areTags ? nil : "expected languages such as en,ru,pt-BR"
        }
    }
}
