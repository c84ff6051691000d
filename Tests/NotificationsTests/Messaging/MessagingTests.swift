import JSON
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Notifications

/// Credits of scopes, in memory and under one lock.
final class TestMeter: CreditMeter {
    let scopeTypes: Set<ScopeType> = ["library"]
    private let state: Mutex<(free: Int, reserved: [UUID: Int], spent: [UUID: Int])>

    init(_ credits: Int) { state = Mutex((credits, [:], [:])) }

    /// Free, set aside, spent.
    var figures: [Int] {
        state.withLock { [$0.free, $0.reserved.values.reduce(0, +), $0.spent.values.reduce(0, +)] }
    }

    func reserve(_ messages: [MessageCredits], of scope: Scope) async throws {
        try state.withLock { state in
            let sum = messages.map(\.credits).reduce(0, +)
            guard state.free >= sum else { throw MessagingProblem.creditsInsufficient.problem }
            state.free -= sum
            for one in messages { state.reserved[one.message] = one.credits }
        }
    }

    func commit(_ messages: [UUID]) async throws {
        state.withLock { state in
            for message in messages {
                if let credits = state.reserved.removeValue(forKey: message) { state.spent[message] = credits }
            }
        }
    }

    func release(_ messages: [UUID]) async throws {
        state.withLock { state in
            for message in messages {
                state.free += state.reserved.removeValue(forKey: message) ?? state.spent.removeValue(forKey: message) ?? 0
            }
        }
    }
}

@Suite struct MessagingTests {
    private static let library = UUID("00000000-0000-7000-8000-0000000000a1")!
    private static let booking: JSONValue = [
        "phone": "+91 98123 45678", "templateType": "booking_confirmed", "variables": ["A1", "22 Nov", "Central"],
        "scopeType": "library", "scopeId": .string(library.description),
    ]

    private func withMessaging(
        credits: Int = 1, _ body: @escaping @Sendable (TestServer, TestSMS, TestMeter) async throws -> Void
    ) async throws {
        let sms = TestSMS()
        let meter = TestMeter(credits)
        try await withServer(compose: { platform in
            let door = Notifications.test(platform.database, sms: sms, meters: [meter], clock: platform.clock)
            let messaging = Messaging(door, codes: Codes(door, pepper: [1]), tokenKey: [2])
            return TestComposition(
                authenticator: Desk.people,
                modules: [NotificationsModule(door, ranks: Desk(), perMinute: 100, messaging: messaging)])
        }) { server in
            try await Desk.people.settle(server.database)
            try await body(server, sms, meter)
        }
    }

    private func send(_ server: TestServer, _ body: JSONValue = booking, token: String? = "sender") async throws -> TestAnswer {
        try await server.send("POST", "/api/v1/messaging/sms", token: token, body: body)
    }

    /// 0-platform, section 8, scenario 15.
    @Test func oneCreditSendsOneMessage() async throws {
        try await withMessaging { server, sms, meter in
            async let one = send(server)
            async let two = send(server)
            let statuses = try await [one.status, two.status].sorted()
            #expect(statuses == [201, 402])
            #expect(sms.sent.map(\.text) == ["Booking confirmed! Seat: A1, Date: 22 Nov, Library: Central"])
            #expect(sms.sent.first?.to == "+919812345678" && meter.figures == [0, 0, 1])
        }
    }

    @Test func whatIsNotSentCostsNothing() async throws {
        try await withMessaging { server, sms, meter in
            sms.fail(with: DeliveryFailure.later("busy"))
            let answer = try await send(server)
            #expect(answer.status == 503 && answer.code == "sms_unavailable" && meter.figures == [1, 0, 0])
            sms.fail(with: DeliveryFailure.unknown("lost"))
            let lost = try await send(server)
            #expect(lost.status == 201 && lost.data["status"] == "sent" && meter.figures == [0, 1, 0])
            // Of which nothing is heard for a day, that is spent.
            let door = Notifications.test(server.database, meters: [meter], clock: .fixed(.now + .hours(25)))
            try await door.settleUnheard()
            #expect(meter.figures == [0, 0, 1])
            // What comes back afterwards costs nothing all the same.
            let id = try #require(lost.data["messageId"]?.string.flatMap { UUID($0) })
            let report = DeliveryReport(
                eventID: "e", notificationID: ID(id), status: .failed, reason: "no", at: nil, suppressing: nil)
            for _ in 0..<2 { try await door.hear([report], from: "test") }
            #expect(meter.figures == [1, 0, 0])
        }
    }

    @Test func underOneKeyOneMessageGoes() async throws {
        try await withMessaging(credits: 5) { server, sms, meter in
            for _ in 0..<2 {
                let answer = try await server.send(
                    "POST", "/api/v1/messaging/sms", token: "sender", fields: ["Idempotency-Key": "k"], body: Self.booking)
                #expect(answer.status == 201 && answer.data["creditsUsed"] == 1)
            }
            #expect(sms.sent.count == 1 && meter.figures == [4, 0, 1])
        }
    }

    @Test func theTextWantsItsValues() async throws {
        try await withMessaging { server, sms, _ in
            var body = Self.booking.object!
            body[2].value = ["A1", "22 Nov"]
            let answer = try await send(server, .object(body))
            #expect(answer.status == 422 && answer.code == "variables_mismatch" && answer.json["expected"] == 3)
            #expect(try await send(server, token: nil).status == 401)
            #expect(try await send(server, token: "clerk").status == 404)
            #expect(sms.sent.isEmpty)
        }
    }

    @Test func staffSeesWhatWasSent() async throws {
        try await withMessaging(credits: 5) { server, _, _ in
            _ = try await send(server)
            let query = "?scopeType=library&scopeId=\(Self.library)"
            for path in ["history", "analytics", "templates"] {
                #expect(try await server.send("GET", "/api/v1/messaging/\(path)").status == 401)
                #expect(try await server.send("GET", "/api/v1/messaging/\(path)", token: "reader").status == 403)
            }
            let history = try await server.send("GET", "/api/v1/messaging/history\(query)&type=booking_confirmed", token: "clerk")
            #expect(history.data[0]?["credits"] == 1 && history.data[0]?["type"] == "booking_confirmed")
            let none = try await server.send("GET", "/api/v1/messaging/history\(query)&status=failed", token: "clerk")
            #expect(none.data.array?.isEmpty == true)
            let figures = try await server.send("GET", "/api/v1/messaging/analytics", token: "clerk")
            #expect(figures.data["channels"]?[0]?["sent"] == 1 && figures.data["channels"]?[0]?["credits"] == 1)
            let templates = try await server.send("GET", "/api/v1/messaging/templates", token: "clerk")
            #expect(templates.data.array?.count == 6 && templates.data[0]?["configured"] == true)
            let wrong = try await server.send("GET", "/api/v1/messaging/history?scopeType=library", token: "clerk")
            #expect(wrong.status == 422)
        }
    }

    @Test func aPhoneIsProvedByItsCode() async throws {
        try await withMessaging { server, sms, meter in
            let wish: JSONValue = ["phone": "+79161234567"]
            let asked = try await server.send("POST", "/api/v1/messaging/send-otp", body: wish)
            #expect(asked.status == 202 && asked.data == ["expiresIn": 300, "resendAfter": 60])
            let again = try await server.send("POST", "/api/v1/messaging/send-otp", body: wish)
            #expect(again.status == 429 && again.code == "code_too_soon" && again.field("retry-after") != nil)
            let door = Notifications.test(server.database, sms: sms)
            try await door.deliverAll()
            let word = try #require(sms.sent.first?.text.split(separator: " ").first { $0.count == 7 })
            let code = String(word.dropLast())
            let wrong: JSONValue = ["phone": "+79161234567", "otp": code == "000000" ? "000001" : "000000"]
            #expect(try await server.send("POST", "/api/v1/messaging/verify-otp", body: wrong).code == "code_invalid")
            let right: JSONValue = ["phone": "+79161234567", "otp": .string(code)]
            let proved = try await server.send("POST", "/api/v1/messaging/verify-otp", body: right)
            #expect(proved.status == 200 && proved.data["verified"] == true)
            let token = try #require(proved.data["verificationToken"]?.string)
            let messaging = Messaging(door, codes: Codes(door, pepper: [1]), tokenKey: [2])
            #expect(messaging.phone(provedBy: token, for: nil, at: .now)?.text == "+79161234567")
            #expect(messaging.phone(provedBy: token, for: nil, at: .now + .seconds(602)) == nil)
            #expect(messaging.phone(provedBy: token, for: Scope("library", Self.library), at: .now) == nil)
            #expect(messaging.phone(provedBy: token + "A", for: nil, at: .now) == nil)
            #expect(try await server.send("POST", "/api/v1/messaging/verify-otp", body: right).status == 401)
            #expect(meter.figures == [1, 0, 0])
        }
    }
}
