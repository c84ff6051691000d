import Values

extension Notifications {
    /// Hands one mail to the provider at once, past every list and queue, so that whoever sets the provider up sees what it
    /// says. Throws what the provider throws.
    package func tryProvider(to address: String) async throws {
        guard let provider = channels.email else { throw NoProvider() }
        let mail = OutgoingMail(
            id: .new(), to: address, subject: "A mail to try the settings",
            text: "Whoever changed the settings of mail asked for this message. It means that they work.")
        _ = try await provider.send(mail)
    }

    /// Hands one short message to the provider for a number at once. To India only a registered text goes.
    package func tryShort(to number: PhoneNumber) async throws {
        let registered: DLTTemplate? = channels.sms.choose(.welcome, to: number.text) == nil ? nil : .welcome
        guard let provider = channels.sms.choose(registered, to: number.text) else { throw NoShortProvider() }
        let text = registered?.filled(["TEST"]) ?? "Whoever changed the settings of short messages asked for this one: they work."
        _ = try await provider.send(OutgoingSMS(id: .new(), to: number.text, text: text, template: registered))
    }

    /// The door to the words that operators give to templates.
    package var wording: Templates { Templates(notifications: self) }

    struct NoShortProvider: Error, CustomStringConvertible {
        let description = "nobody is set up who sends short messages to this number"
    }

    struct NoProvider: Error, CustomStringConvertible {
        let description = "no e-mail provider is set up"
    }
}
