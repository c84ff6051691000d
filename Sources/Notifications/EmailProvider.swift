import Values

/// A mail ready to leave.
package struct OutgoingMail: Sendable {
    /// For providers that take a key against repetition.
    package let id: ID<Notification>
    package let to: String
    package let subject: String
    /// With codes and links: for the reader's eyes.
    package let text: String
}

/// An outside service that takes mails.
package protocol EmailProvider: Sendable {
    var name: String { get }
    /// Nothing leaves the process; the texts stay readable in the outbox.
    var isSandbox: Bool { get }
    /// Returns the service's own id of the message. Throws `JobVerdict.giveUp` where no repetition can help.
    func send(_ mail: OutgoingMail) async throws -> String?
}

/// Takes every mail and sends none: the outbox shows what would have gone out. Not for production.
package struct SandboxEmail: EmailProvider {
    package let name = "sandbox"
    package let isSandbox = true

    package init() {}

    package func send(_ mail: OutgoingMail) async throws -> String? { nil }
}
