import Postgres
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import Notifications

@Suite struct SMSWebhookTests {
    private static let base = "/api/v1/notifications/webhook"
    private static let signature = TwilioSignature(token: "12345")

    private func withMessage(_ body: @escaping @Sendable (TestServer, String) async throws -> Void) async throws {
        try await withServer(compose: { platform in
            let proofs = SMSProofs(server: "https://api.example", twilio: Self.signature, msg91: "0123456789abcdef")
            return TestComposition(
                authenticator: Desk.people,
                modules: [NotificationsModule(.test(platform.database), ranks: Desk(), perMinute: 100, proofs: { proofs })])
        }) { server in
            let door = Notifications.test(server.database, sms: TestSMS(name: "msg91"))
            _ = try await door.accept(NewMessage(
                type: .sms, userID: nil, recipient: "+919812345678", notice: Notice(.system, subject: "", body: "Hi")))
            try await door.deliverAll()
            let id = try await server.database.one(Statement<ID<Notification>>("select id from notifications.notifications"))
            try await body(server, id.description)
        }
    }

    private func state(_ server: TestServer) async throws -> String {
        try await server.database.one(
            Statement<String>("select concat_ws(' ', status, provider, external_id, error) from notifications.notifications"))
    }

    private func twilio(
        _ server: TestServer, _ id: String, _ status: String, signing: String? = nil
    ) async throws -> Int {
        let path = "\(Self.base)/twilio?id=\(id)"
        let form = [("MessageSid", "SM1"), ("MessageStatus", status), ("ErrorCode", "30003")]
        let fields = ["X-Twilio-Signature": signing ?? Self.signature.sign("https://api.example" + path, form)]
        let body = form.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        return try await server.send("POST", path, fields: fields, raw: Array(body.utf8)).status
    }

    @Test func whatTwilioSignedIsBelieved() async throws {
        try await withMessage { server, id in
            let statuses = [
                try await twilio(server, id, "delivered", signing: "forged"), try await twilio(server, id, "sent"),
                try await twilio(server, id, "delivered"),
            ]
            #expect(statuses == [401, 204, 204])
            #expect(try await state(server) == "delivered msg91 external-1")
        }
    }

    @Test func whatDidNotArriveHasFailed() async throws {
        try await withMessage { server, id in
            let status = try await twilio(server, id, "undelivered")
            #expect(status == 204)
            #expect(try await state(server) == "failed msg91 external-1 undelivered: 30003")
        }
    }

    @Test func msg91ReportsUnderItsSecret() async throws {
        try await withMessage { server, _ in
            let report = #"[{"requestId":"external-1","report":[{"number":"91","status":"1"}]},{"requestId":"none","report":[{"status":"1"}]}]"#
            func send(_ secret: String, _ body: String) async throws -> Int {
                try await server.send("POST", "\(Self.base)/msg91/\(secret)", raw: Array(body.utf8)).status
            }
            let wrong = try await send("0123456789abcdee", report)
            #expect(wrong == 401)
            #expect(try await state(server) == "sent msg91 external-1")
            #expect(try await send("0123456789abcdef", "data=" + PercentEncoding.encode(report)) == 200)
            #expect(try await state(server) == "delivered msg91 external-1")
        }
    }
}
