import Values

/// A mail ready to leave.
package struct OutgoingMail: Sendable {
    /// For providers that take a key against repetition.
    package let id: ID<Notification>
    package let to: String
    package let subject: String
    /// With codes and links: for the reader's eyes.
    package let text: String
    package var html: String?
    /// Of which it is made where the provider has words of its own; others send what stands above.
    package var template: ProviderTemplate?
    /// Where the reader of a mail to many says that he wants no more of its kind (RFC 8058).
    package var unsubscribe: String?
}

/// An outside service that takes mails.
package protocol EmailProvider: Sendable {
    var name: String { get }
    /// Nothing leaves the process; the texts stay readable in the outbox.
    var isSandbox: Bool { get }
    /// Returns the service's own id of the message. Throws `DeliveryFailure` where it knows why the message was not taken.
    func send(_ mail: OutgoingMail) async throws -> String?
}
