import Service
import Values

/// Who stands above whom on the platform.
package protocol Ranks: Sendable {
    /// The accounts above the caller: he acts on none of them, and so sees none of their codes and links.
    func above(_ caller: Caller) async throws -> [Superior]
}

/// An account that is above somebody.
package struct Superior: Sendable {
    package let id: UUID
    package let email: String?

    package init(id: UUID, email: String?) {
        self.id = id
        self.email = email
    }

    /// Whether a message is for this account, whichever address it went to.
    func isAddressee(of record: NotificationRecord) -> Bool {
        record.userID == id || email.map { $0.lowercased() == record.recipient.lowercased() } ?? false
    }
}
