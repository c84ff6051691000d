import Values

/// Where people are reached: what Identity knows of them.
package protocol Contacts: Sendable {
    /// Those of the users who can be told anything; nobody who is banned or gone.
    func contacts(of users: [UUID]) async throws -> [Contact]
}

/// A person as messages need him.
package struct Contact: Sendable {
    package let userID: UUID
    package let name: String
    package let email: String?
    /// Confirmed ones only: a number that was merely named may be a stranger's.
    package let phone: String?
    /// `ru`, `en` …
    package let locale: String
    /// A name of the tz database; nil where he has not said.
    package let timeZone: String?

    package init(userID: UUID, name: String, email: String?, phone: String?, locale: String, timeZone: String?) {
        self.userID = userID
        self.name = name
        self.email = email
        self.phone = phone
        self.locale = locale
        self.timeZone = timeZone
    }
}

/// Nobody: for commands that run without Identity.
package struct NoContacts: Contacts {
    package init() {}

    package func contacts(of users: [UUID]) async throws -> [Contact] { [] }
}
