import JSON
import Jobs
import Postgres
import Support
import Testing
import Values

@testable import Notifications

@Suite struct PreferenceTests {
    private static let path = "/api/v1/notifications/preferences"
    /// 21:30 in UTC, half past midnight in Moscow.
    private static let night = Instant(secondsSince1970: 1_763_760_600)

    private func withDesk(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        try await withServer(compose: { platform in
            TestComposition(authenticator: Desk.people, modules: [NotificationsModule(.test(platform.database), ranks: Desk(), perMinute: 100)])
        }) { server in
            try await Desk.people.settle(server.database)
            try await body(server)
        }
    }

    @Test func choicesAreKeptAndReplaced() async throws {
        try await withDesk { server in
            #expect(try await server.send("GET", Self.path).status == 401)
            let first = try await server.send("GET", Self.path, token: "reader")
            #expect(first.data == ["preferences": [], "quietFrom": nil, "quietTo": nil, "digest": "none"])
            let wanted: JSONValue = [
                "preferences": [["category": "invoices", "channel": "email", "isEnabled": false]], "quietFrom": "22:00",
                "quietTo": "07:00", "digest": "none",
            ]
            let kept = try await server.send("PUT", Self.path, token: "reader", body: wanted)
            #expect(kept.status == 200 && kept.data == wanted)
            #expect(try await server.send("GET", Self.path, token: "reader").data == wanted)
            #expect(try await server.send("GET", Self.path, token: "other").data == first.data)
            let tag = try #require(try await server.send("GET", Self.path, token: "other").field("etag"))
            let stale = try await server.send(
                "PUT", Self.path, token: "reader", fields: ["If-Match": tag], body: ["preferences": []])
            #expect(stale.status == 412)
            let empty = try await server.send("PUT", Self.path, token: "reader", body: ["preferences": []])
            #expect(empty.data == first.data)
        }
    }

    @Test(arguments: [
        (#"{"preferences":[{"category":"security","channel":"email","isEnabled":false}]}"#, "preferences[0].category"),
        (#"{"preferences":[{"category":"cats","channel":"email","isEnabled":false}]}"#, "preferences[0].category"),
        (#"{"preferences":[{"category":"system","channel":"in_app","isEnabled":false}]}"#, "preferences[0].channel"),
        (#"{"preferences":[{"category":"system","channel":"pigeon","isEnabled":false}]}"#, "preferences[0].channel"),
        (
            #"{"preferences":[{"category":"system","channel":"sms","isEnabled":true},{"category":"system","channel":"sms","isEnabled":false}]}"#,
            "preferences[1]"
        ),
        (#"{"preferences":[],"quietFrom":"22:00"}"#, "quietTo"), (#"{"preferences":[],"quietFrom":"8:00","quietTo":"9:00"}"#, "quietFrom"),
        (#"{"preferences":[],"quietFrom":"08:00","quietTo":"24:00"}"#, "quietTo"),
        (#"{"preferences":[],"quietFrom":"08:00","quietTo":"08:00"}"#, "quietTo"),
    ])
    func whatIsNoChoiceIsRefused(_ body: String, _ field: String) async throws {
        try await withDesk { server in
            let answer = try await server.send("PUT", Self.path, token: "reader", fields: ["Content-Type": "application/json"], raw: Array(body.utf8))
            #expect(answer.status == 422 && answer.refusedFields.contains(field), "\(answer.text)")
        }
    }

    private func told(_ notice: Notice, after statements: [SQL]) async throws -> [String] {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            for statement in statements { try await database.execute(Command(statement)) }
            try await Notifications.test(database, clock: .fixed(Self.night)).send(
                notice, to: .user(Desk.reader, email: "reader@example.com"))
            return try await database.all(
                Statement<String>(
                    """
                    select n.type || case when j.run_at < now() - interval '1 day'
                        then ' ' || to_char(j.run_at at time zone 'UTC', 'DD HH24:MI') else '' end
                    from notifications.notifications n left join jobs.jobs j on j.id = n.job_id order by n.id
                    """))
        }
    }

    private static let quiet: SQL = """
        insert into notifications.quiet_settings (user_id, quiet_from, quiet_to) values (\(Desk.reader), '22:00', '07:00')
        """

    @Test func whatIsTurnedOffStaysInTheList() async throws {
        let off: SQL = """
            insert into notifications.preferences (user_id, category, channel, is_enabled)
            values (\(Desk.reader), 'invoices', 'email', false)
            """
        #expect(try await told(Notice(.invoices, subject: "s", body: "b"), after: [off]) == ["in_app"])
        #expect(try await told(Notice(.payments, subject: "s", body: "b"), after: [off]) == ["in_app", "email"])
    }

    @Test func advertisingHasToBeAskedFor() async throws {
        let on: SQL = """
            insert into notifications.preferences (user_id, category, channel, is_enabled)
            values (\(Desk.reader), 'marketing', 'email', true)
            """
        #expect(try await told(Notice(.marketing, subject: "s", body: "b"), after: []) == ["in_app"])
        #expect(try await told(Notice(.marketing, subject: "s", body: "b"), after: [on]) == ["in_app", "email"])
    }

    /// 0-platform, section 8, scenario 14.
    @Test func inTheQuietOnlyTheListFills() async throws {
        let moscow: SQL = "update identity.users set time_zone = 'Europe/Moscow' where id = \(Desk.reader)"
        let sofia: SQL = "update identity.users set time_zone = 'Europe/Sofia' where id = \(Desk.reader)"
        let london: SQL = "update identity.users set time_zone = 'Europe/London' where id = \(Desk.reader)"
        let nowhere: SQL = "update identity.users set time_zone = 'Nowhere' where id = \(Desk.reader)"
        let notice = Notice(.support, subject: "s", body: "b")
        #expect(try await told(notice, after: [Self.quiet, moscow]) == ["in_app", "email 22 04:00"])
        #expect(try await told(notice, after: [Self.quiet, sofia]) == ["in_app", "email 22 05:00"])
        // Half past nine in the evening there.
        #expect(try await told(notice, after: [Self.quiet, london]) == ["in_app", "email"])
        #expect(try await told(notice, after: [Self.quiet, nowhere]) == ["in_app", "email"])
        #expect(try await told(NotificationsTests.mail, after: [Self.quiet, moscow]) == ["in_app", "email"])
        let receipt = Notice(template: .paymentReceipt, in: "en", ["amount": "1", "purpose": "2", "receipt": "3"])
        #expect(try await told(receipt, after: [Self.quiet, moscow]) == ["in_app", "email"])
    }
}
