import Crypto
import HTTP

/// One mail handed to a mail server, from its greeting to its taking the mail (RFC 5321, section 3). What it answers with 4xx
/// may go better later, what with 5xx never.
struct SMTPConversation {
    let stream: OutgoingStream
    let server: SMTPServer
    /// How we introduce ourselves.
    let name: Substring

    func deliver(_ message: MIMEMessage, from sender: String, to recipient: String) async throws {
        try await expect(2, of: nil)
        var abilities = try await introduce()
        if server.protection == .required, !server.isSecureAtOnce {
            guard abilities.contains("STARTTLS") else { throw DeliveryFailure.refused("the mail server offers no STARTTLS") }
            try await expect(2, of: "STARTTLS")
            try await stream.secure()
            // "The client MUST discard any knowledge obtained from the server ... prior to the TLS negotiation" (RFC 3207, 4.2).
            abilities = try await introduce()
        }
        if let credentials = server.credentials { try await signIn(credentials, abilities) }
        try await expect(2, of: "MAIL FROM:<\(sender)>")
        try await address(recipient)
        try await expect(3, of: "DATA")
        try await stream.write(Self.data(message.bytes))
        try await expect(2, of: nil)
        // It has the mail; how it takes our leave does not matter.
        try? await stream.write(Array("QUIT\r\n".utf8))
    }

    /// The server's extensions: the first line of the answer is its name, each other one keyword and parameters.
    private func introduce() async throws -> Abilities {
        Abilities(try await expect(2, of: "EHLO \(name)").lines.dropFirst())
    }

    private func signIn(_ credentials: SMTPServer.Credentials, _ abilities: Abilities) async throws {
        if abilities.authentication.contains("PLAIN") {
            // RFC 4616: authorization identity (none), user, password.
            let word = Base64.encode(Array("\0\(credentials.user)\0\(credentials.password)".utf8))
            try await expect(2, of: "AUTH PLAIN \(word)", shown: "AUTH PLAIN")
        } else if abilities.authentication.contains("LOGIN") {
            try await expect(3, of: "AUTH LOGIN")
            try await expect(3, of: Base64.encode(Array(credentials.user.utf8)), shown: "AUTH LOGIN")
            try await expect(2, of: Base64.encode(Array(credentials.password.utf8)), shown: "AUTH LOGIN")
        } else {
            throw DeliveryFailure.refused("the mail server takes neither AUTH PLAIN nor AUTH LOGIN")
        }
    }

    private func address(_ recipient: String) async throws {
        let reply = try await ask("RCPT TO:<\(recipient)>")
        if reply.saysDeadAddress { throw DeliveryFailure.deadAddress("RCPT TO: \(reply.code) \(reply.text)") }
        try Self.check(reply, 2, "RCPT TO")
    }

    // MARK: Lines

    /// Sends a command, unless the server speaks first, and throws unless the reply's first digit is the one expected.
    ///
    /// - Parameter shown: how the command is called in errors, where itself it is a secret.
    @discardableResult
    private func expect(_ digit: Int, of command: String?, shown: String? = nil) async throws -> SMTPReply {
        let reply = try await ask(command)
        try Self.check(reply, digit, shown ?? command ?? "")
        return reply
    }

    private func ask(_ command: String?) async throws -> SMTPReply {
        if let command { try await stream.write(Array((command + "\r\n").utf8)) }
        var lines: [String] = []
        while lines.count < SMTPReply.mostLines {
            guard let line = SMTPReply.line(try await stream.readLine(atMost: SMTPReply.longestLine)) else {
                throw DeliveryFailure.later("what the mail server says is no SMTP")
            }
            lines.append(line.text)
            if line.isLast { return SMTPReply(code: line.code, lines: lines) }
        }
        throw DeliveryFailure.later("the mail server's reply has no end")
    }

    private static func check(_ reply: SMTPReply, _ digit: Int, _ command: String) throws {
        if reply.code / 100 == digit { return }
        let text = "\(command): \(reply.code) \(reply.text)"
        throw reply.code / 100 == 5 ? DeliveryFailure.refused(text) : DeliveryFailure.later(text)
    }

    /// The message up to the lone dot that ends it; a line that begins with a dot gets one more (section 4.5.2).
    static func data(_ message: [UInt8]) -> [UInt8] {
        var data: [UInt8] = []
        data.reserveCapacity(message.count + 16)
        var isAtStart = true
        for byte in message {
            if isAtStart, byte == UInt8(ascii: ".") { data.append(byte) }
            data.append(byte)
            isAtStart = byte == UInt8(ascii: "\n")
        }
        return data + Array((isAtStart ? ".\r\n" : "\r\n.\r\n").utf8)
    }

    /// What a server said it can do.
    private struct Abilities {
        private let lines: [[String]]

        init(_ lines: some Sequence<String>) {
            self.lines = lines.map { $0.uppercased().split(separator: " ").map(String.init) }
        }

        func contains(_ keyword: String) -> Bool { lines.contains { $0.first == keyword } }
        /// RFC 4954, section 3.
        var authentication: [String] { lines.first { $0.first == "AUTH" } ?? [] }
    }
}
