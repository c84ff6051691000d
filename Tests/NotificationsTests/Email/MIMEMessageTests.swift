import Testing
import Values

@testable import Notifications

@Suite struct MIMEMessageTests {
    private let id = ID<Notification>(UUID("019a0f3e-6c00-7000-8000-000000000000")!)

    private func text(_ subject: String, _ body: String, html: String? = nil, name: String = "") -> String {
        let mail = OutgoingMail(id: id, to: "reader@example.com", subject: subject, text: body, html: html)
        let sender = MailSender(EmailAddress("office@birch.example")!, name: name)
        let message = MIMEMessage(mail, from: sender, at: Instant(secondsSince1970: 1_763_812_800))
        return String(decoding: message.bytes, as: UTF8.self)
    }

    @Test func aPlainMail() {
        #expect(
            text("Hello", "One = 1") == """
                Date: Sat, 22 Nov 2025 12:00:00 +0000\r
                From: <office@birch.example>\r
                To: <reader@example.com>\r
                Subject: Hello\r
                Message-ID: <019a0f3e-6c00-7000-8000-000000000000@birch.example>\r
                MIME-Version: 1.0\r
                Auto-Submitted: auto-generated\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                One =3D 1
                """)
    }

    @Test func textAndHTMLAreTwoPartsOfOne() {
        let text = text("Hello", "plain", html: "<p>plain</p>")
        let parts = text.components("--=_019a0f3e-6c00-7000-8000-000000000000")
        #expect(parts.count == 4 && parts[3] == "--")
        #expect(parts[1].contains("text/plain") && parts[2].contains("text/html") && parts[2].contains("<p>plain</p>"))
    }

    @Test(arguments: [
        ("Bcc\r\nBcc: all@example.com", "Subject: Bcc  Bcc: all@example.com\r\n"),
        ("=?utf-8?B?IQ==?=", "Subject: =?utf-8?B?PT91dGYtOD9CP0lRPT0/PQ==?=\r\n"),
        ("a\u{7f}b", "Subject: a b\r\n"),
    ])
    func noSubjectBeginsAnotherField(_ subject: String, _ line: String) {
        let head = text(subject, "").components("\r\n\r\n")[0]
        #expect(head.contains(line), "\(head)")
        #expect(!head.lowercased().contains("\r\nbcc"))
    }

    @Test func noNameBeginsAnotherField() {
        #expect(text("s", "", name: "A\r\nBcc: b@example.com").contains("From: \"A  Bcc: b@example.com\"\r\n <office@birch"))
    }

    @Test(arguments: [1, 20, 39, 40, 77, 200, 255])
    func linesStayShort(_ count: Int) {
        let text = text(
            String(repeating: "ж", count: count), String(repeating: "я. ", count: count * 10) + " ",
            html: String(repeating: "x", count: count * 20))
        for line in text.components("\r\n") { #expect(line.utf8.count <= 78, "\(line)") }
        #expect(!text.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" })
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
    }
}

extension String {
    /// The parts between `separator`.
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
