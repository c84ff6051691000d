import Values

/// Who carries the product's letters. They are handed over inside the transaction that gives rise to them, and leave
/// after its commit.
package protocol Correspondent: Sendable {
    func invite(_ letter: InviteLetter) async throws
    func tell(_ notice: InvoiceNotice) async throws
}

/// An invitation on its way to somebody.
package struct InviteLetter: Sendable {
    package let inviteID: UUID
    package let email: String?
    package let phone: String?
    /// A secret: it is in nobody's log.
    package let token: String
    package let unitNumber: String
    package let condoName: String
    package let companyName: String
    package let language: String
    package let expiresAt: Instant
}

/// Takes letters nowhere: for commands that run without the module of notifications.
package struct NoCorrespondent: Correspondent {
    package init() {}

    package func invite(_ letter: InviteLetter) async throws {}
    package func tell(_ notice: InvoiceNotice) async throws {}
}
