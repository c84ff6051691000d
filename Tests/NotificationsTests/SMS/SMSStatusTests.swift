import HTTP
import JSON
import Postgres
import Service
import Support
import Telemetry
import Testing
import Values

@testable import Notifications

/// Asking Twilio what became of messages whose callback has not come.
@Suite struct SMSStatusTests {
    private static let start = Instant(secondsSince1970: 1_770_000_000)

    /// Runs `body` with short messages that Twilio has taken, and a way to be at another time.
    private func withMessages(
        _ count: Int, _ answer: @escaping EmulatedService.Answer,
        _ body: @escaping @Sendable (Database, EmulatedService, _ at: @escaping @Sendable (Duration) -> Notifications) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            let service = try EmulatedService { request in
                request.method == "POST" ? .json(["sid": .string("SM" + (request.form("Body") ?? ""))], status: 201) : answer(request)
            }
            let parts = OutsideParts(
                client: try TestLoops.client(), database: database, metrics: MetricRegistry(loops: 2), log: .silent)
            let twilio = TwilioProvider(
                base: service.url, account: "AC1", token: "secret", sender: "+15005550006", callback: "https://api.example/hook",
                through: parts)
            let at: @Sendable (Duration) -> Notifications = { .test(database, sms: twilio, clock: .fixed(Self.start + $0)) }
            for number in 1...count {
                let notice = Notice(.system, subject: "", body: "\(number)")
                let message = NewMessage(type: .sms, userID: nil, recipient: "+79161234567", notice: notice)
                _ = try await at(.zero).add(message, from: nil)
            }
            try await at(.zero).deliverAll()
            try await body(database, service, at)
        }
    }

    private func states(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>("select status || coalesce(' ' || error, '') from notifications.notifications order by id"))
    }

    @Test func whatHasArrivedAndWhatHasNotIsLearned() async throws {
        let fates: [String: JSONValue] = [
            "SM1": ["status": "delivered"], "SM2": ["status": "undelivered", "error_code": 30003], "SM3": ["status": "sent"],
        ]
        try await withMessages(4, { request in
            let sid = String(request.path.split(separator: "/").last ?? "").replacing(".json", with: "")
            return fates[sid].map { .json($0) } ?? .json(["code": 20404], status: 404)
        }) { database, service, at in
            try await at(.minutes(4)).askUnheard()
            #expect(service.seen.filter { $0.method == "GET" }.isEmpty)
            try await at(.minutes(6)).askUnheard()
            #expect(try await states(database) == ["delivered", "failed undelivered: 30003", "sent", "sent"])
            let asked = service.seen.filter { $0.method == "GET" }
            #expect(asked.first?.path == "/2010-04-01/Accounts/AC1/Messages/SM1.json")
            #expect(asked.first?.field("authorization") == "Basic QUMxOnNlY3JldA==")
            // The others are asked after again half an hour later, and not any more after a day.
            try await at(.minutes(20)).askUnheard()
            #expect(service.seen.count == 4 + 4)
            try await at(.minutes(37)).askUnheard()
            #expect(service.seen.count == 4 + 4 + 2)
            try await at(.hours(25)).askUnheard()
            #expect(service.seen.count == 4 + 4 + 2)
        }
    }

    @Test func aProviderThatFailsIsAskedNoFurther() async throws {
        try await withMessages(3, { _ in .empty(503) }) { database, service, at in
            try await at(.minutes(6)).askUnheard()
            #expect(service.seen.filter { $0.method == "GET" }.count == 1)
            #expect(try await states(database) == ["sent", "sent", "sent"])
        }
    }
}
