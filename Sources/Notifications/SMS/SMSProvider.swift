import Values

/// A short message ready to leave.
package struct OutgoingSMS: Sendable {
    package let id: ID<Notification>
    /// E.164.
    package let to: String
    /// With codes: for the reader's eyes.
    package let text: String
    /// The registered text it was made of, if it was.
    package let template: DLTTemplate?
    /// Under which id an operator has had its text registered, if he has.
    package var registration: String?
}

/// An outside service that takes short messages.
package protocol SMSProvider: Sendable {
    var name: String { get }
    /// Nothing leaves the process; the texts stay readable in the outbox.
    var isSandbox: Bool { get }
    /// Whether it takes messages to this number, of this registered text or of one that is registered under this id.
    func takes(_ template: DLTTemplate?, registeredAs id: String?, to number: String) -> Bool
    /// Returns the service's own id of the message. Throws `DeliveryFailure`.
    func send(_ message: OutgoingSMS) async throws -> String?
}

/// What a provider says when it is asked what became of a message.
package struct SMSStatus: Equatable, Sendable {
    /// In its own words: `delivered`, `undelivered`, `failed`, `sent` …
    package let word: String
    /// Its number of the reason.
    package let error: String?
}

/// A provider that may be asked what became of a message.
package protocol SMSStatusSource: SMSProvider {
    /// Nil for a message that it does not know. Throws `OutsideFailure`.
    func status(of external: String) async throws -> SMSStatus?
}

/// Takes every message and sends none. Not for production.
package struct SandboxSMS: SMSProvider {
    package let name = "sandbox"
    package let isSandbox = true

    package init() {}

    package func takes(_ template: DLTTemplate?, registeredAs id: String?, to number: String) -> Bool { true }
    package func send(_ message: OutgoingSMS) async throws -> String? { nil }
}
