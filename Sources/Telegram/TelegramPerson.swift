import JSON
import Values

/// Somebody as Telegram describes him.
package struct TelegramPerson: Hashable, Sendable {
    /// For good, and the same for every bot.
    package let id: Int64
    package let firstName: String
    package let lastName: String?
    /// Without the `@`.
    package let username: String?
    /// `ru`, `pt-br` …
    package let language: String?
    /// Whether the bot may write to him.
    package let allowsWriting: Bool

    package init(
        id: Int64, firstName: String, lastName: String? = nil, username: String? = nil, language: String? = nil,
        allowsWriting: Bool = false
    ) {
        self.id = id
        self.firstName = Self.name(firstName) ?? ""
        self.lastName = lastName.flatMap(Self.name)
        self.username = username.flatMap(Self.name)
        self.language = language.flatMap(Self.name)
        self.allowsWriting = allowsWriting
    }

    /// The JSON of `user`, as Mini Apps and updates have it. Nil for a bot and for what is no person.
    package init?(json: JSONValue) {
        guard let id = json["id"]?.int, let person = Self.id(Int64(id)), json["is_bot"]?.bool != true,
            let firstName = json["first_name"]?.string
        else { return nil }
        self.init(
            id: person, firstName: firstName, lastName: json["last_name"]?.string, username: json["username"]?.string,
            language: json["language_code"]?.string, allowsWriting: json["allows_write_to_pm"]?.bool == true)
    }

    /// Ids have 52 significant bits at the most.
    static func id(_ number: Int64) -> Int64? { (1...(1 << 53) - 1).contains(number) ? number : nil }

    /// People call themselves as they like: without control characters and of a bounded length it is stored.
    private static func name(_ text: String) -> String? {
        let kept = text.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(100)
        let name = String(String.UnicodeScalarView(kept))
        return name.isEmpty ? nil : name
    }
}
