import JSON

/// The languages that notices are written in.
enum CompanyLanguage: String, WireEnum {
    case ru, en, bg
}
