import Telegram

/// What the board keeps of what Telegram says of a person, cut to what it has room for.
struct TelegramFacts: Sendable, Hashable {
    let id: Int
    let username: String?
    let firstName: String
    let lastName: String?
    let language: String?
    let allowsWriting: Bool

    init(_ person: TelegramPerson) {
        id = Int(person.id)
        username = person.username.map { Self.cut($0, 64) }
        firstName = Self.cut(person.firstName, 64)
        lastName = person.lastName.map { Self.cut($0, 64) }
        language = person.language.map { Self.cut($0, 35) }
        allowsWriting = person.allowsWriting
    }

    private static func cut(_ text: String, _ most: Int) -> String {
        text.unicodeScalars.count <= most ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
    }
}
