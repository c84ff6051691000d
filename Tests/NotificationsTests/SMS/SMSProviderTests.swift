import HTTP
import Postgres
import Service
import Support
import Telemetry
import Testing
import Values

@testable import Notifications

@Suite struct SMSProviderTests {
    private static let id = ID<Notification>(UUID("019a0f3e-6c00-7000-8000-000000000000")!)

    private func message(_ to: String, _ template: DLTTemplate? = nil) -> OutgoingSMS {
        OutgoingSMS(id: Self.id, to: to, text: "Hi & bye + ж", template: template)
    }

    private func send(
        _ message: OutgoingSMS, by make: @escaping @Sendable (String, OutsideParts) -> any SMSProvider,
        _ answer: @escaping EmulatedService.Answer
    ) async throws -> (id: String?, request: EmulatedRequest?) {
        try await withDatabase { database in
            let service = try EmulatedService(answer)
            let parts = OutsideParts(
                client: try TestLoops.client(), database: database, metrics: MetricRegistry(loops: 2), log: .silent)
            let id = try await make(service.url, parts).send(message)
            return (id, service.seen.first)
        }
    }

    private static let twilio: @Sendable (String, OutsideParts) -> any SMSProvider = { base, parts in
        TwilioProvider(
            base: base, account: "AC1", token: "secret", sender: "+15005550006", callback: "https://api.example/hook",
            through: parts)
    }

    private static let msg91: @Sendable (String, OutsideParts) -> any SMSProvider = { base, parts in
        MSG91Provider(base: base, key: "the-key", sender: "STDYSP", templates: [.otp: "1107"], through: parts)
    }

    @Test func twilioTakesAForm() async throws {
        let (id, seen) = try await send(message("+79161234567"), by: Self.twilio) { _ in .json(["sid": "SM1"], status: 201) }
        let request = try #require(seen)
        #expect(id == "SM1" && request.method == "POST" && request.path == "/2010-04-01/Accounts/AC1/Messages.json")
        #expect(request.field("authorization") == "Basic QUMxOnNlY3JldA==")
        #expect(request.form("To") == "+79161234567" && request.form("From") == "+15005550006")
        #expect(request.form("Body") == "Hi & bye + ж")
        #expect(request.form("StatusCallback") == "https://api.example/hook?id=\(Self.id)")
    }

    @Test(arguments: [
        (400, #"{"code":21211}"#, DeliveryFailure.deadAddress("Twilio answered 400 (21211)")),
        (400, #"{"code":21614}"#, .deadAddress("Twilio answered 400 (21614)")),
        (400, #"{"code":21610}"#, .refused("Twilio answered 400 (21610)")),
        (401, "{}", .refused("Twilio answered 401 to our credentials")), (429, "{}", .later("Twilio answered 429")),
        // It may have been sent before the answer failed: asked again, it might be sent twice.
        (503, "{}", .unknown("Twilio answered 503")), (201, "{}", .unknown("Twilio answered without a sid")),
    ])
    func whatTwilioRefuses(_ status: Int, _ body: String, _ failure: DeliveryFailure) async throws {
        await #expect(throws: failure) {
            _ = try await send(message("+79161234567"), by: Self.twilio) { _ in
                .answer(status, fields: [], body: Array(body.utf8))
            }
        }
    }

    @Test func whereTheAnswerIsLostNobodyKnows() async throws {
        do {
            _ = try await send(message("+79161234567"), by: Self.twilio) { _ in .brokenOff }
            Issue.record("an answer came")
        } catch DeliveryFailure.unknown {}
    }

    @Test func msg91TakesRegisteredTextsOfIndiaAlone() async throws {
        let (id, seen) = try await send(message("+919812345678", .otp), by: Self.msg91) { _ in
            .json(["type": "success", "message": "3763646c3058373530393938"])
        }
        let request = try #require(seen)
        #expect(id == "3763646c3058373530393938" && request.method == "GET" && request.path == "/api/sendhttp.php")
        let query = Dictionary(uniqueKeysWithValues: request.query.map { ($0.name, $0.value) })
        #expect(
            query == [
                "authkey": "the-key", "mobiles": "919812345678", "message": "Hi & bye + ж", "sender": "STDYSP", "route": "4",
                "country": "91", "DLT_TE_ID": "1107", "response": "json",
            ])
        try await withDatabase { database in
            let parts = OutsideParts(
                client: try TestLoops.client(), database: database, metrics: MetricRegistry(loops: 2), log: .silent)
            let provider = Self.msg91("http://127.0.0.1:1", parts)
            func takes(_ template: DLTTemplate?, _ id: String? = nil, _ number: String = "+919812345678") -> Bool {
                provider.takes(template, registeredAs: id, to: number)
            }
            #expect(takes(.otp) && !takes(.welcome) && !takes(nil))
            #expect(takes(nil, "1108") && takes(.welcome, "1108"), "a text that an operator has had registered")
            #expect(!takes(.otp, nil, "+79161234567") && !takes(nil, "1108", "+79161234567"))
        }
    }

    @Test func msg91IsToldUnderWhichIdATextIsRegistered() async throws {
        var message = message("+919812345678")
        message.registration = "1108"
        let (_, seen) = try await send(message, by: Self.msg91) { _ in .json(["type": "success", "message": "1"]) }
        #expect(seen?.query.first { $0.name == "DLT_TE_ID" }?.value == "1108")
    }

    @Test func msg91SaysAnIdInTwoWays() async throws {
        let (id, _) = try await send(message("+919812345678", .otp), by: Self.msg91) { _ in
            .answer(200, fields: [], body: Array("376368766a30303138333230\n".utf8))
        }
        #expect(id == "376368766a30303138333230")
    }

    @Test(arguments: [
        (200, #"{"type":"error","message":"Invalid DLT"}"#, DeliveryFailure.refused("MSG91 refused: Invalid DLT")),
        (200, "Hello", .unknown("MSG91 answered what it does not document")),
        (502, "<html>Bad gateway</html>", .later("MSG91 answered 502")), (429, "", .later("MSG91 answered 429")),
        (401, "", .refused("MSG91 answered 401 to our credentials")),
    ])
    func whatMSG91Refuses(_ status: Int, _ body: String, _ failure: DeliveryFailure) async throws {
        await #expect(throws: failure) {
            _ = try await send(message("+919812345678", .otp), by: Self.msg91) { _ in
                .answer(status, fields: [], body: Array(body.utf8))
            }
        }
    }

    /// The example of Twilio's documentation of request validation.
    @Test func twilioSignsAsItsDocumentationSays() {
        let form = [
            ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675310"), ("Digits", "1234"), ("From", "+14158675310"),
            ("To", "+18005551212"),
        ]
        let signature = TwilioSignature(token: "12345").sign("https://mycompany.com/myapp.php?foo=1&bar=2", form.shuffled())
        #expect(signature == "GvWf1cFY/Q7PnoempGyD5oXAezc=")
    }

    @Test func msg91ReportsAreRead() {
        let body = #"[{"requestId":"r1","report":[{"number":"919812345678","status":"1","desc":"DELIVERED"}]},"#
            + #"{"requestId":"r2","report":[{"status":2,"desc":"FAILED"}]},{"requestId":"r3","report":[{"status":"8"}]},{"x":1},5]"#
        let entries = SMSReports.msg91(Array(body.utf8))
        #expect(entries.map(\.requestID) == ["r1", "r2"])
        #expect(entries.map(\.status) == [.delivered, .failed])
        #expect(entries.last?.reason == "status 2: FAILED")
        #expect(SMSReports.msg91(Array("nothing".utf8)).isEmpty)
    }
}
