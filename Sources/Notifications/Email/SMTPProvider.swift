import HTTP
import Service
import Values

/// Mails by a mail server, a connection each.
///
/// A connection that breaks after the mail has been sent and before the server has taken it leaves open whether it did: the
/// mail goes again under the same Message-ID, by which mailboxes know a second copy (RFC 5321, section 4.5.3.2.6, says that a
/// sender repeats).
package struct SMTPProvider: EmailProvider {
    package let name = "smtp"
    package let isSandbox = false

    private let server: SMTPServer
    private let sender: MailSender
    private let service: OutsideService
    private let client: StreamClient
    private let clock: Clock

    package init(
        _ server: SMTPServer, sender: MailSender, service: OutsideService, client: StreamClient, clock: Clock = .system
    ) {
        self.server = server
        self.service = service
        self.sender = sender
        self.client = client
        self.clock = clock
    }

    package func send(_ mail: OutgoingMail) async throws -> String? {
        let message = MIMEMessage(mail, from: sender, at: clock.now())
        try await service.call(isFailure: { !($0 is DeliveryFailure) }) {
            try await client.converse(
                with: server.host, port: server.port, isSecure: server.isSecureAtOnce, timeout: .seconds(45)
            ) { stream in
                let conversation = SMTPConversation(stream: stream, server: server, name: sender.domain)
                try await conversation.deliver(message, from: sender.address.text, to: mail.to)
            }
        }
        return message.messageID
    }
}
