import HTTP
import Values

/// A mail as it goes over the wire (RFC 5322, RFC 2045 to 2047): the text alone, or beside it the same as HTML. Seven bits,
/// lines of at most 78 characters that end with CR LF.
struct MIMEMessage {
    let bytes: [UInt8]
    /// `Message-ID`, with its angle brackets: the same however often a mail is tried.
    let messageID: String

    init(_ mail: OutgoingMail, from sender: MailSender, at now: Instant) {
        messageID = "<\(mail.id)@\(sender.domain)>"
        let name = sender.name.isEmpty ? "" : EncodedWord.phrase(sender.name) + "\r\n "
        let date = HTTPDate.format(Int(now.secondsSince1970)).replacing("GMT", with: "+0000")
        var head = [
            "Date: \(date)", "From: \(name)<\(sender.address)>", "To: <\(mail.to)>",
            "Subject: \(EncodedWord.text(mail.subject))", "Message-ID: \(messageID)", "MIME-Version: 1.0",
            // "Auto-Submitted: auto-generated" keeps answering machines silent (RFC 3834, section 5).
            "Auto-Submitted: auto-generated",
        ]
        if let link = mail.unsubscribe {
            head += ["List-Unsubscribe:\r\n <\(link)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        }
        let text = Self.part(mail.text, "plain")
        guard let html = mail.html else {
            head += text.head
            bytes = Self.joined(head, text.body)
            return
        }
        // No line of quoted-printable text holds "=_", so none can be the boundary.
        let boundary = "=_\(mail.id)"
        head.append("Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"")
        var body: [UInt8] = []
        for part in [text, Self.part(html, "html")] {
            body += Array("--\(boundary)\r\n".utf8) + Self.joined(part.head, part.body) + [13, 10]
        }
        bytes = Self.joined(head, body + Array("--\(boundary)--".utf8))
    }

    private static func part(_ text: String, _ subtype: String) -> (head: [String], body: [UInt8]) {
        (
            ["Content-Type: text/\(subtype); charset=utf-8", "Content-Transfer-Encoding: quoted-printable"],
            QuotedPrintable.encode(text)
        )
    }

    private static func joined(_ head: [String], _ body: [UInt8]) -> [UInt8] {
        Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}
