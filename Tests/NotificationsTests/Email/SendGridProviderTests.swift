import HTTP
import JSON
import Runtime
import Service
import Support
import Testing
import Values

@testable import Notifications

@Suite struct SendGridProviderTests {
    private static let mail = OutgoingMail(
        id: .new(), to: "reader@example.com", subject: "Hello", text: "Hi", html: "<p>Hi</p>")

    private func send(
        _ answer: EmulatedAnswer, _ mail: OutgoingMail = SendGridProviderTests.mail
    ) async throws -> (String?, EmulatedRequest?) {
        let service = try EmulatedService { _ in answer }
        let provider = try #require(
            SendGridProvider(
                OutsideService("sendgrid", client: try TestLoops.client()), base: service.url, key: "SG.key",
                sender: MailSender(EmailAddress("office@birch.example")!, name: "Birch")))
        let id = try await TestLoops.run { try await provider.send(mail) }
        return (id, service.seen.first)
    }

    @Test func aMailIsOneRequest() async throws {
        let (id, seen) = try await send(.answer(202, fields: [("X-Message-Id", "14c5d75ce93")], body: []))
        #expect(id == "14c5d75ce93")
        let request = try #require(seen)
        #expect(request.method == "POST" && request.path == "/v3/mail/send")
        #expect(request.field("authorization") == "Bearer SG.key" && request.field("content-type") == "application/json")
        let expected: JSONValue = [
            "personalizations": [
                [
                    "to": [["email": "reader@example.com"]],
                    "custom_args": ["notification_id": .string(Self.mail.id.description)],
                ]
            ],
            "from": ["email": "office@birch.example", "name": "Birch"],
            "tracking_settings": [
                "click_tracking": ["enable": false, "enable_text": false], "open_tracking": ["enable": false],
            ],
            "subject": "Hello",
            "content": [
                ["type": "text/plain", "value": "Hi"], ["type": "text/html", "value": "<p>Hi</p>"],
            ],
        ]
        #expect(request.json == expected)
    }

    /// Its documentation of dynamic templates: values beside the recipient, no subject and no content of ours.
    @Test func aDesignOfItsOwnGetsTheValues() async throws {
        var mail = Self.mail
        mail.template = ProviderTemplate(id: "d-13b8f94fbcae4ec6b75270d6cb59f932", data: ["name": "Ann", "code": "123456"])
        let (_, seen) = try await send(.answer(202, fields: [], body: []), mail)
        let sent = try #require(seen?.json)
        #expect(sent["template_id"] == "d-13b8f94fbcae4ec6b75270d6cb59f932" && sent["subject"] == nil && sent["content"] == nil)
        #expect(sent["personalizations"]?[0]?["dynamic_template_data"] == ["code": "123456", "name": "Ann"])
        #expect(sent["personalizations"]?[0]?["to"]?[0]?["email"] == "reader@example.com")
    }

    @Test(arguments: [
        (429, "", DeliveryFailure.later("SendGrid answered 429")), (503, "", .later("SendGrid answered 503")),
        (401, #"{"errors":[{"message":"The key is wrong"}]}"#, .refused("SendGrid answered 401: The key is wrong")),
        (400, "not json", .refused("SendGrid answered 400")),
    ])
    func whatItRefusesIsFinalOrNot(_ status: Int, _ body: String, _ failure: DeliveryFailure) async throws {
        await #expect(throws: failure) { _ = try await send(.answer(status, fields: [], body: Array(body.utf8))) }
    }
}
