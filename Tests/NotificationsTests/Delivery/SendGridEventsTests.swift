import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Crypto
@testable import Notifications

@Suite struct SendGridEventsTests {
    private static let key = ES256PrivateKey()
    private static let path = "/api/v1/notifications/webhook/sendgrid"

    private func withMail(
        sending: Bool = true, _ body: @escaping @Sendable (TestServer, String) async throws -> Void
    ) async throws {
        try await withServer(compose: { platform in
            let events = SendGridEvents(key: Base64.encode(Self.key.publicKey.spki))
            return TestComposition(
                authenticator: Desk.people,
                modules: [NotificationsModule(.test(platform.database, TestMailer()), ranks: Desk(), perMinute: 100, sendGrid: events)])
        }) { server in
            let door = Notifications.test(server.database, TestMailer())
            try await door.send(NotificationsTests.mail, to: .email("Reader@example.com"))
            if sending { try await door.deliverAll() }
            let id = try await server.database.one(Statement<ID<Notification>>("select id from notifications.notifications"))
            try await body(server, id.description)
        }
    }

    private func signed(_ body: [UInt8], at instant: Instant, by key: ES256PrivateKey = key) throws -> [String: String] {
        let time = String(instant.secondsSince1970)
        let signature = try #require(key.sign(Array(time.utf8) + body).withUnsafeBytes(ECDSASignature.der))
        return [
            "X-Twilio-Email-Event-Webhook-Signature": Base64.encode(signature),
            "X-Twilio-Email-Event-Webhook-Timestamp": time,
        ]
    }

    private func tell(_ server: TestServer, _ events: JSONValue) async throws -> Int {
        let body = events.jsonBytes
        return try await send(server, signed(body, at: .now), body).status
    }

    private func event(_ name: String, _ id: String, _ number: Int, type: String? = nil) -> JSONValue {
        [
            "event": .string(name), "sg_event_id": .string("e\(number)"), "notification_id": .string(id),
            "timestamp": .number("\(Instant.now.secondsSince1970)"), "email": "reader@example.com",
            "type": type.map { .string($0) } ?? .null, "reason": "550 5.1.1 unknown",
        ]
    }

    private func send(_ server: TestServer, _ fields: [String: String], _ body: [UInt8]) async throws -> TestAnswer {
        try await server.send("POST", Self.path, fields: fields, raw: body)
    }

    private func state(_ server: TestServer) async throws -> String {
        try await server.database.one(
            Statement<String>(
                """
                select concat_ws(' ', n.status, n.error, n.secret_enc is null, (select address || ':' || reason
                    from notifications.suppressions), (select count(*) from api.outbox where event = 'message.changed'))
                from notifications.notifications n
                """))
    }

    @Test func whatSendGridSignedIsBelieved() async throws {
        try await withMail { server, id in
            let status = try await tell(server, [event("processed", id, 1), event("delivered", id, 2)])
            #expect(status == 200)
            #expect(try await state(server) == "delivered t 2")
            // Told again, nothing happens again.
            #expect(try await tell(server, [event("delivered", id, 2)]) == 200)
            #expect(try await state(server) == "delivered t 2")
        }
    }

    @Test func oneByteMoreOrLessIsForgery() async throws {
        try await withMail { server, id in
            let body = JSONValue.array([event("delivered", id, 1)]).jsonBytes
            let good = try signed(body, at: .now)
            let forged = try [signed(body, at: .now, by: ES256PrivateKey()), signed(body, at: .now - .seconds(601)), [:]]
            for fields in forged { #expect(try await send(server, fields, body).code == "signature_invalid") }
            #expect(try await send(server, good, body + [32]).status == 401)
            #expect(try await state(server) == "sent t 1")
            #expect(try await send(server, good, body).status == 200)
            #expect(try await state(server) == "delivered t 2")
        }
    }

    /// SendGrid may be quicker than our own noting of what it took.
    @Test func whatIsToldBeforeWeNotedItHoldsToo() async throws {
        try await withMail(sending: false) { server, id in
            let status = try await tell(server, [event("delivered", id, 1)])
            #expect(status == 200)
            #expect(try await state(server) == "delivered t 1")
        }
    }

    @Test(arguments: [
        ("bounce", "bounce", "bounced bounce: 550 5.1.1 unknown t reader@example.com:bounce 2"),
        ("bounce", "blocked", "bounced bounce: 550 5.1.1 unknown t 2"),
        ("dropped", nil, "failed dropped: 550 5.1.1 unknown t 2"),
        ("spamreport", nil, "failed spamreport: 550 5.1.1 unknown t reader@example.com:complaint 2"),
        ("open", nil, "sent t 1"),
    ])
    func whatComesBackSuppressesItsAddress(_ name: String, _ type: String?, _ state: String) async throws {
        try await withMail { server, id in
            let status = try await tell(server, [event(name, id, 1, type: type)])
            #expect(status == 200)
            #expect(try await self.state(server) == state)
        }
    }

    @Test func nothingIsSentToASuppressedAddress() async throws {
        try await withMail { server, id in
            #expect(try await tell(server, [event("delivered", id, 1), event("spamreport", id, 2)]) == 200)
            let mailer = TestMailer()
            let door = Notifications.test(server.database, mailer)
            try await door.send(Notice(.security, subject: "s", body: "b"), to: .email("reader@example.com"))
            try await door.exhaust()
            #expect(mailer.sent.isEmpty)
            let reason = try await server.database.one(
                Statement<String>("select error from notifications.notifications where status = 'failed' and body = 'b'"))
            #expect(reason == "nothing is sent to this address: complaint")
        }
    }

    @Test func whatIsNoListOfOursChangesNothing() async throws {
        try await withMail { server, id in
            #expect(try await tell(server, ["event": "delivered"]) == 200)
            #expect(try await tell(server, [["event": "delivered", "sg_event_id": "x"], 5, event("delivered", "x", 1)]) == 200)
            #expect(try await tell(server, [event("delivered", UUID.v7().description, 1)]) == 200)
            let body = Array("[".utf8)
            let fields = try signed(body, at: .now)
            #expect(try await send(server, fields, body).status == 400)
            #expect(try await state(server) == "sent t 1")
        }
    }

    @Test(arguments: ["", "AAAA", "x"])
    func whatIsNoKeyIsNone(_ key: String) { #expect(SendGridEvents(key: key) == nil) }
}
