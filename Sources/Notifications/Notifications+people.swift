import Service
import Values

extension Notifications {
    /// Tells each of these people by one of the platform's templates, in his own language: in his list, and by mail where he
    /// has an address. Nobody who is banned or gone. In the transaction of what happened.
    ///
    /// - Parameter key: of what happened; each reader's own dedupe key is made of it.
    package func tell(
        _ users: [UUID], _ template: TemplateKey, _ values: [String: String], scope: Scope? = nil, key: String
    ) async throws {
        try await tell(users) { reader in
            Notice(template: template, in: reader.locale, values, scope: scope, dedupeKey: "\(key):\(reader.userID)")
        }
    }

    /// The same with a notice that is made for each of them.
    package func tell(_ users: [UUID], _ notice: (Contact) -> Notice) async throws {
        if users.isEmpty { return }
        for reader in try await contacts.contacts(of: users) {
            try await send(notice(reader), to: .user(reader.userID, email: reader.email))
        }
    }

    /// What somebody is called when others are told of him; nil for nobody.
    package func name(of user: UUID) async throws -> String? { try await contacts.contacts(of: [user]).first?.name }
}
