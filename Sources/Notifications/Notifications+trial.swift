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

    struct NoProvider: Error, CustomStringConvertible {
        let description = "no e-mail provider is set up"
    }
}
