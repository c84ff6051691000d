import HTTP
import Runtime
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct SMTPProviderTests {
    private static let mail = OutgoingMail(
        id: .new(), to: "reader@example.com", subject: "Счёт за ноябрь", text: "Hello\n.hidden dot\nПривет", html: nil)

    private func provider(
        _ emulator: SMTPEmulator, _ certificate: TestCertificate?, protection: SMTPServer.Protection = .required,
        password: String? = "right"
    ) throws -> SMTPProvider {
        let resolver = Resolver(pool: TestLoops.blocking)
        return SMTPProvider(
            SMTPServer(
                host: "127.0.0.1", port: emulator.port, protection: protection,
                credentials: password.map { SMTPServer.Credentials(user: "atrium", password: $0) }),
            sender: MailSender(EmailAddress("office@birch.example")!, name: "Birch, \"Office\""),
            service: OutsideService("smtp", client: try HTTPClient(loops: TestLoops.group, resolver: resolver)),
            client: StreamClient(
                resolver: resolver, tls: try ClientTLS(authorities: certificate?.certificate, pool: resolver.pool)))
    }

    private func send(
        _ manner: SMTPEmulator.Manner, protection: SMTPServer.Protection = .required, password: String? = "right",
        trusted: Bool = true
    ) async throws -> SMTPEmulator {
        let certificate = try await TestCertificate()
        let emulator = try SMTPEmulator(certificate, manner)
        let provider = try provider(emulator, trusted ? certificate : nil, protection: protection, password: password)
        let id = try await TestLoops.run { try await provider.send(Self.mail) }
        #expect(id == "<\(Self.mail.id)@birch.example>")
        return emulator
    }

    @Test(arguments: [["PLAIN", "LOGIN"], ["LOGIN"]])
    func aMailGoesUnderTLSAndSignedIn(_ mechanisms: [String]) async throws {
        let emulator = try await send(.init(mechanisms: mechanisms))
        let mail = try #require(emulator.mails.first)
        #expect(mail.sender == "office@birch.example" && mail.recipients == ["reader@example.com"])
        #expect(mail.isSecure && mail.user == "atrium" && mail.password == "right")
        #expect(mail.text.contains("From: \"Birch, \\\"Office\\\"\"\r\n <office@birch.example>\r\n"))
        #expect(mail.text.contains("Subject: =?utf-8?B?0KHRh9GR0YIg0LfQsCDQvdC+0Y/QsdGA0Yw=?=\r\n"))
        #expect(mail.text.hasSuffix("Hello\r\n.hidden dot\r\n=D0=9F=D1=80=D0=B8=D0=B2=D0=B5=D1=82"))
        // Introduced again once nobody can listen; the password never in clear.
        #expect(emulator.commands.prefix(3) == ["EHLO birch.example", "STARTTLS", "EHLO birch.example"])
    }

    @Test func inClearOnlyWhereThatIsSet() async throws {
        let emulator = try await send(.init(offersTLS: false), protection: .none, password: nil)
        #expect(emulator.mails.map(\.isSecure) == [false])
    }

    @Test(arguments: [
        (SMTPEmulator.Manner(offersTLS: false), DeliveryFailure.refused("the mail server offers no STARTTLS")),
        (SMTPEmulator.Manner(mechanisms: ["GSSAPI"]), .refused("the mail server takes neither AUTH PLAIN nor AUTH LOGIN")),
        (.init(replies: ["AUTH": "535 5.7.8 no"]), .refused("AUTH PLAIN: 535 5.7.8 no")),
        (.init(replies: ["AUTH": "454 4.7.0 later"]), .later("AUTH PLAIN: 454 4.7.0 later")),
        (.init(replies: ["greeting": "421 busy"]), .later(": 421 busy")),
        (.init(replies: ["greeting": "HTTP/1.1 400"]), .later("what the mail server says is no SMTP")),
        (.init(replies: ["MAIL": "552 5.2.2 full"]), .refused("MAIL FROM:<office@birch.example>: 552 5.2.2 full")),
        (.init(replies: ["RCPT": "450 4.2.0 greylisted"]), .later("RCPT TO: 450 4.2.0 greylisted")),
        (.init(replies: ["RCPT": "550 5.7.1 policy"]), .refused("RCPT TO: 550 5.7.1 policy")),
        (.init(replies: ["RCPT": "550-5.1.1 no\r\n550 5.1.1 such user"]), .deadAddress("RCPT TO: 550 5.1.1 no 5.1.1 such user")),
        (.init(replies: ["DATA": "451 4.3.0 disk"]), .later("DATA: 451 4.3.0 disk")),
        (.init(replies: [".": "554 5.6.0 spam"]), .refused(": 554 5.6.0 spam")),
        (.init(replies: [".": "452 4.3.1 space"]), .later(": 452 4.3.1 space")),
    ])
    func whatItRefusesIsFinalOrNot(_ manner: SMTPEmulator.Manner, _ failure: DeliveryFailure) async throws {
        await #expect(throws: failure) { _ = try await send(manner) }
    }

    @Test func bytesInClearBehindTheTurnToTLSAreNobodys() async throws {
        await #expect(throws: ClientError.securing("bytes in clear after the turn to TLS")) {
            _ = try await send(.init(smuggled: "\r\n250 injected"))
        }
    }

    @Test func aCertificateThatNobodyTrustsEndsIt() async throws {
        do {
            _ = try await send(.init(), trusted: false)
            Issue.record("a mail left")
        } catch ClientError.securing {}
    }

    @Test func theEndOfDataIsTheOnlyLoneDot() {
        func data(_ text: String) -> String {
            String(decoding: SMTPConversation.data(Array(text.utf8)), as: UTF8.self)
        }
        #expect(data("a") == "a\r\n.\r\n")
        #expect(data(".\r\n..b\r\n") == "..\r\n...b\r\n.\r\n")
        #expect(data("") == ".\r\n")
    }
}
