import Values

/// Who is told: a user, an address, or a user at an address.
package struct Addressee: Sendable {
    let userID: UUID?
    let email: String?

    /// In the user's own list.
    package static func user(_ id: UUID) -> Addressee { Addressee(userID: id, email: nil) }

    /// By e-mail only: an address that belongs to nobody yet, or a message that is no part of anybody's list.
    package static func email(_ address: String, user id: UUID? = nil) -> Addressee {
        Addressee(userID: id, email: address, isListed: false)
    }

    /// In the user's list and by e-mail.
    package static func user(_ id: UUID, email: String?) -> Addressee { Addressee(userID: id, email: email) }

    let isListed: Bool

    private init(userID: UUID?, email: String?, isListed: Bool = true) {
        self.userID = userID
        self.email = email
        self.isListed = isListed
    }
}
