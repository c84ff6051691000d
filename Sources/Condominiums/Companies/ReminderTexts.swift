import JSON
import Postgres
import Values

/// A company's own words for reminders, by language, kept as a JSON object.
struct ReminderTexts: Sendable {
    let document: JSONText

    static let none = ReminderTexts(document: JSONText(trusted: Array("{}".utf8)))

    init(document: JSONText) {
        self.document = document
    }

    init(_ texts: [String: String]) throws {
        for language in texts.keys {
            guard CompanyLanguage(rawValue: language) != nil else {
                throw InvalidInput(
                    field: "reminderTexts.\(language)", code: "choice", message: "must be one of ru, en, bg")
            }
        }
        document = JSONText(encoding: texts)
    }
}
