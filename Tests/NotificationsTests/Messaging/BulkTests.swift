import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import Notifications

/// Short messages of a registered text to many.
@Suite struct BulkTests {
    private static let library = UUID("00000000-0000-7000-8000-0000000000a1")!
    private static let path = "/api/v1/messaging/bulk"

    private struct Members: Audiences {
        let people: [UUID]

        func path(of scope: Scope) async throws -> ScopePath { [scope] }
        func people(_ audience: Audience, within reach: Reach, limit: Int) async throws -> [UUID] { people }
    }

    private func withMessaging(
        credits: Int, members: [UUID] = [],
        _ body: @escaping @Sendable (TestServer, TestSMS, TestMeter, Notifications) async throws -> Void
    ) async throws {
        let sms = TestSMS()
        let meter = TestMeter(credits)
        @Sendable func door(_ database: Database) -> Notifications {
            .test(database, sms: sms, audiences: Members(people: members), meters: [meter])
        }
        try await withServer(compose: { platform in
            let door = door(platform.database)
            let messaging = Messaging(door, codes: Codes(door, pepper: [1]), tokenKey: [2])
            return TestComposition(
                authenticator: Desk.people,
                modules: [NotificationsModule(door, ranks: Desk(), perMinute: 100, messaging: messaging)])
        }) { server in
            try await Desk.people.settle(server.database)
            try await body(server, sms, meter, door(server.database))
        }
    }

    private static func recipients(_ count: Int) -> JSONValue {
        .array((0..<count).map { ["phone": .string("+9198123450\(10 + $0)"), "values": ["name": .string("N\($0)")]] })
    }

    private static func body(_ recipients: JSONValue, _ variables: JSONValue = ["{{name}}-7"]) -> JSONValue {
        [
            "recipients": recipients, "templateType": "welcome", "variables": variables, "scopeType": "library",
            "scopeId": .string(library.description),
        ]
    }

    @Test func eachGetsHisOwnWordsFiveASecond() async throws {
        try await withMessaging(credits: 12) { server, sms, meter, door in
            let accepted = try await server.send("POST", Self.path, token: "sender", body: Self.body(Self.recipients(12)))
            #expect(accepted.status == 202 && accepted.data["queued"] == 12 && accepted.data["skipped"] == 0, "\(accepted.text)")
            #expect(meter.figures == [0, 12, 0])
            let sender = BatchSender(scopeType: "library", scopeID: Self.library)
            for sent in [5, 10, 12] {
                await #expect(throws: JobVerdict.self) { try await door.sendBatch(sender) }
                #expect(sms.sent.count == sent)
            }
            try await door.sendBatch(sender)
            #expect(Set(sms.sent.map(\.to)).count == 12 && meter.figures == [0, 0, 12])
            #expect(sms.sent.first?.text == "Welcome to StudySpot! Your registration is successful. Student ID: N0-7")
            #expect(sms.sent.first?.template == .welcome)
        }
    }

    @Test func allAreReservedOrNoneIsSent() async throws {
        try await withMessaging(credits: 11) { server, sms, meter, _ in
            let refused = try await server.send("POST", Self.path, token: "sender", body: Self.body(Self.recipients(12)))
            #expect(refused.status == 402 && refused.code == "credits_insufficient" && meter.figures == [11, 0, 0])
            #expect(try await server.database.one(Statement<Int>("select count(*) from notifications.notifications")) == 0)
            #expect(try await server.database.one(Statement<Int>("select count(*) from jobs.jobs")) == 0)
        }
    }

    @Test func whomItCannotReachIsSkipped() async throws {
        try await withMessaging(credits: 9) { server, sms, meter, door in
            try await server.database.execute(
                Command("insert into notifications.suppressions (address, channel, reason) values ('+919812345013', 'sms', 'unsubscribed')"))
            let recipients: JSONValue = [
                ["phone": "+919812345010", "values": ["name": "A"]], ["phone": "98123 45010", "values": ["name": "Twice"]],
                ["phone": "+919812345012"], ["phone": "+919812345013", "values": ["name": "C"]],
            ]
            let accepted = try await server.send("POST", Self.path, token: "sender", body: Self.body(recipients))
            #expect(accepted.data["queued"] == 1 && accepted.data["skipped"] == 3, "\(accepted.text)")
            try await door.exhaust()
            #expect(sms.sent.map(\.to) == ["+919812345010"] && meter.figures == [8, 0, 1])
        }
    }

    @Test func aFilterNamesPeopleOfTheScope() async throws {
        try await withMessaging(credits: 9, members: [Desk.reader, Desk.other]) { server, sms, _, door in
            try await server.database.execute(
                Command("update identity.users set phone = '+919812345010' where id = \(Desk.reader)"))
            let body: JSONValue = ["filter": [:], "templateType": "welcome", "variables": ["{{name}}"]]
            let accepted = try await server.send("POST", Self.path, token: "sender", body: body)
            #expect(accepted.data["queued"] == 1 && accepted.data["skipped"] == 0, "\(accepted.text)")
            try await door.exhaust()
            #expect(sms.sent.first?.text.hasSuffix("Student ID: reader") == true)
        }
    }

    @Test func whatFailsIsTriedThriceAndCostsNothing() async throws {
        try await withMessaging(credits: 2) { server, sms, meter, door in
            sms.fail(with: DeliveryFailure.later("busy"))
            #expect(try await server.send("POST", Self.path, token: "sender", body: Self.body(Self.recipients(2))).status == 202)
            try await door.exhaust()
            let states = Statement<String>("select status || ' ' || retry_count from notifications.notifications")
            #expect(try await server.database.all(states) == ["failed 3", "failed 3"] && meter.figures == [2, 0, 0])
        }
    }

    /// A job that ended just before another request was told of is made up for.
    @Test func whateverWaitsIsWoken() async throws {
        try await withMessaging(credits: 2) { server, sms, _, door in
            #expect(try await server.send("POST", Self.path, token: "sender", body: Self.body(Self.recipients(2))).status == 202)
            try await server.database.execute(Command("delete from jobs.jobs"))
            for _ in 0..<2 { try await door.wakeBatches() }
            #expect(try await server.database.one(Statement<Int>("select count(*) from jobs.jobs")) == 1)
            try await door.exhaust()
            #expect(sms.sent.count == 2)
        }
    }

    @Test func whatWillNotDoIsRefused() async throws {
        try await withMessaging(credits: 9) { server, _, _, _ in
            let one = Self.recipients(1)
            let rows: [(String?, JSONValue, Int, String?)] = [
                (nil, Self.body(one), 401, "unauthorized"), ("reader", Self.body(one), 404, "not_found"),
                ("reader", ["recipients": one, "templateType": "welcome", "variables": ["a"]], 403, "forbidden"),
                ("sender", Self.body(one, ["a", "b"]), 422, "variables_mismatch"), ("sender", Self.body(one, []), 422, "invalid_input"),
                ("sender", Self.body([]), 422, "invalid_input"),
                ("sender", ["recipients": one, "filter": [:], "templateType": "welcome", "variables": ["a"]], 422, "invalid_input"),
                ("sender", Self.body([["phone": "12"]]), 422, "invalid_input"), ("sender", Self.body(Self.recipients(501)), 422, "invalid_input"),
                ("sender", ["recipients": one, "templateType": "poem", "variables": ["a"]], 422, "invalid_input"),
            ]
            for (token, body, status, code) in rows {
                let answer = try await server.send("POST", Self.path, token: token, body: body)
                #expect(answer.status == status && answer.code == code, "\(answer.text)")
            }
        }
    }
}
