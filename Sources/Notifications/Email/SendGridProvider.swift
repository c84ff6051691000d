import HTTP
import JSON
import Service
import Values

/// Mails by SendGrid's v3 API. What became of a mail it tells later, by its event webhook.
///
/// SendGrid knows no key against repetition: where its answer is lost the mail goes again, since a code that never comes is
/// worse than one that comes twice.
package struct SendGridProvider: EmailProvider {
    package let name = "sendgrid"
    package let isSandbox = false

    private let service: OutsideService
    private let url: ClientURL
    private let key: String
    private let sender: MailSender

    /// - Parameter base: `https://api.sendgrid.com`. Nil when it is no address.
    package init?(_ service: OutsideService, base: String, key: String, sender: MailSender) {
        guard let url = ClientURL(base + "/v3/mail/send") else { return nil }
        self.service = service
        self.url = url
        self.key = key
        self.sender = sender
    }

    package func send(_ mail: OutgoingMail) async throws -> String? {
        let request = ClientRequest(
            .post, url, fields: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
            body: body(mail).jsonBytes)
        let answer = try await service.send(request)
        switch answer.status {
        case 200..<300: return answer.field("x-message-id")
        case 408, 429, 500...: throw DeliveryFailure.later("SendGrid answered \(answer.status)")
        default: throw DeliveryFailure.refused("SendGrid answered \(answer.status)\(Self.reason(answer))")
        }
    }

    private func body(_ mail: OutgoingMail) -> JSONValue {
        var from: [(name: String, value: JSONValue)] = [("email", .string(sender.address.text))]
        if !sender.name.isEmpty { from.append(("name", .string(sender.name))) }
        var person: [(name: String, value: JSONValue)] = [
            ("to", [["email": .string(mail.to)]]), ("custom_args", ["notification_id": .string(mail.id.description)]),
        ]
        var members: [(name: String, value: JSONValue)] = []
        if let link = mail.unsubscribe {
            members.append(
                ("headers", ["List-Unsubscribe": .string("<\(link)>"), "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"]))
        }
        if let template = mail.template {
            let data = template.data.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONValue.string($0.value)) }
            person.append(("dynamic_template_data", .object(data)))
            members.append(("template_id", .string(template.id)))
        } else {
            var content: [JSONValue] = [["type": "text/plain", "value": .string(mail.text)]]
            if let html = mail.html { content.append(["type": "text/html", "value": .string(html)]) }
            members += [("subject", .string(mail.subject)), ("content", .array(content))]
        }
        let message: [(name: String, value: JSONValue)] = [
            ("personalizations", [.object(person)]), ("from", .object(from)),
            // Links that sign people in are nobody's to rewrite or count.
            (
                "tracking_settings",
                ["click_tracking": ["enable": false, "enable_text": false], "open_tracking": ["enable": false]]
            ),
        ]
        return .object(message + members)
    }

    /// `{"errors": [{"message": …}]}`, cut short.
    private static func reason(_ answer: ClientResponse) -> String {
        guard let errors = try? JSONValue.decode(json: answer.body)["errors"], let text = errors[0]?["message"]?.string else {
            return ""
        }
        return ": \(text.prefix(200))"
    }
}
