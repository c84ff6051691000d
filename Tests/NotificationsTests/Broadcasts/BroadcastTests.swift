import JSON
import Postgres
import Runtime
import Service
import Support
import Testing
import Values

@testable import Jobs
@testable import Notifications

/// Everybody is the people that a test names; there is one scope.
private struct Everybody: Audiences {
    static let unit = UUID("00000000-0000-7000-8000-0000000000aa")!
    let people: [UUID]

    func path(of scope: Scope) async throws -> ScopePath { scope.id == Self.unit ? [scope] : [] }
    func people(_ audience: Audience, within reach: Reach, limit: Int) async throws -> [UUID] {
        Array((audience.roles.isEmpty ? people : []).prefix(limit))
    }
}

/// The people of the desk, and a janitor who may speak to one unit.
private struct BroadcastPeople: Authenticator {
    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        guard token == "janitor" else { return try await Desk.people.authenticate(token, on: loop, at: now) }
        let grant = Grant(
            role: "janitor", level: 0, scope: Scope("unit", Everybody.unit), permissions: PermissionSet(role: ["messaging:manage"]))
        return Principal(
            kind: .user, userID: .v7(), name: token, grants: [grant], sessionID: nil, expiresAt: .distantFuture)
    }
}

@Suite struct BroadcastTests {
    private static let path = "/api/v1/notifications/broadcast"
    private static let body: JSONValue = [
        "scopeType": "platform", "category": "announcements", "title": "Water", "body": "None on Monday.",
        "channels": ["in_app", "email"],
    ]

    private func withDesk(
        _ people: [UUID], _ body: @escaping @Sendable (TestServer, Notifications) async throws -> Void
    ) async throws {
        try await withServer(compose: { platform in
            let door = Notifications.test(platform.database, audiences: Everybody(people: people))
            return TestComposition(
                authenticator: BroadcastPeople(), modules: [NotificationsModule(door, ranks: Desk(), perMinute: 100_000)])
        }) { server in
            try await Desk.people.settle(server.database)
            try await body(server, .test(server.database, audiences: Everybody(people: people)))
        }
    }

    private func rows(_ database: Database) async throws -> [String] {
        try await database.all(
            Statement<String>(
                "select u.first_name || ' ' || n.type || ' ' || n.status from notifications.notifications n join identity.users u on u.id = n.user_id order by 1"))
    }

    @Test func everybodyIsToldAsHeHasChosen() async throws {
        try await withDesk([Desk.reader, Desk.other, Desk.clerk]) { server, door in
            try await server.database.execute(
                Command(
                    """
                    insert into notifications.preferences (user_id, category, channel, is_enabled)
                    values (\(Desk.other), 'announcements', 'email', false)
                    """))
            let accepted = try await server.send("POST", Self.path, token: "herald", body: Self.body)
            #expect(accepted.status == 202 && accepted.data["recipients"] == 3, "\(accepted.text)")
            try await door.exhaust()
            let told = ["clerk email sent", "clerk in_app delivered", "other in_app delivered", "reader email sent", "reader in_app delivered"]
            #expect(try await rows(server.database) == told)
            let state = Statement<String>("select status || ' ' || total || ' ' || sent || ' ' || skipped from notifications.broadcasts")
            #expect(try await server.database.all(state) == ["done 3 3 0"])
            // A part that is carried out again tells nobody twice.
            let id = try #require(accepted.data["id"]?.string.flatMap { ID<Broadcast>($0) })
            try await door.carryOut(BroadcastPart(broadcastID: id, from: 0, count: 50))
            #expect(try await rows(server.database) == told)
            #expect(try await server.database.all(state) == ["done 3 3 0"])
        }
    }

    @Test func advertisingReachesThoseWhoAskedForIt() async throws {
        try await withDesk([Desk.reader, Desk.other]) { server, door in
            try await server.database.execute(
                Command(
                    """
                    insert into notifications.preferences (user_id, category, channel, is_enabled)
                    values (\(Desk.other), 'marketing', 'email', true)
                    """))
            let body: JSONValue = [
                "scopeType": "platform", "category": "marketing", "title": "t", "body": "b", "channels": ["email"],
            ]
            #expect(try await server.send("POST", Self.path, token: "herald", body: body).status == 202)
            try await door.exhaust()
            #expect(try await rows(server.database) == ["other email sent"])
            #expect(try await server.database.one(Statement<Int>("select skipped from notifications.broadcasts")) == 1)
        }
    }

    @Test func manyAreToldByPartsAndWaitForTheirHour() async throws {
        try await withDesk([]) { server, _ in
            let people = (0..<120).map { _ in UUID.v7() }
            try await server.database.execute(
                Command(
                    """
                    insert into identity.users (id, first_name, last_name, status, email)
                    select id, 'p', '', 'active', id || '@example.com' from unnest(\(people)::uuid[]) as p (id)
                    """))
            let door = Notifications.test(server.database, audiences: Everybody(people: people))
            let herald = try await Self.caller()
            let wish = NewBroadcast(
                scopeType: "platform", scopeID: nil, audience: nil, category: "system", title: "t", body: "b",
                channels: [.inApp, .email, .sms, .push, .telegram], scheduledFor: .now + .hours(1))
            #expect(try await door.accept(wish, by: herald).recipients == 120)
            let jobs = Statement<Int>("select count(*) from jobs.jobs where name = 'send-bulk-email' and run_at > now() + interval '50 minutes'")
            #expect(try await server.database.one(jobs) == 3)
            let device = NewDevice(kind: .fcm, token: "phone-token-1", platform: .ios, keys: nil, name: nil)
            _ = try await door.keep(device, of: people[7])
            try await door.openTelegramChat(bot: "condo", person: 42, of: people[7])
            try await door.exhaust()
            let counts = Statement<String>("select type || ' ' || count(*) from notifications.notifications group by type order by 1")
            #expect(try await server.database.all(counts) == ["email 120", "in_app 120", "push 1", "telegram 1"])
        }
    }

    private static func caller() async throws -> Caller {
        let loop = TestLoops.group.loops[0]
        let principal = try await Desk.people.authenticate("herald", on: loop, at: .now)
        return Caller(principal: principal)
    }

    @Test func whatBecameOfItIsShown() async throws {
        try await withDesk([Desk.reader, Desk.other]) { server, door in
            let unit = Everybody.unit.description
            func begin(_ more: [(name: String, value: JSONValue)]) async throws -> String {
                let members = (Self.body.object ?? []).filter { old in !more.contains { $0.name == old.name } } + more
                let answer = try await server.send("POST", Self.path, token: "herald", body: .object(members))
                return try #require(answer.data["id"]?.string, "\(answer.text)")
            }
            try await server.database.execute(
                Command(
                    """
                    insert into notifications.preferences (user_id, category, channel, is_enabled)
                    values (\(Desk.other), 'announcements', 'email', false)
                    """))
            let all = try await begin([("channels", ["email"])])
            let own = try await begin([("scopeType", "unit"), ("scopeId", .string(unit))])
            let queued = try await server.send("GET", Self.path + "s/\(all)", token: "herald")
            #expect(queued.data["broadcast"]?["status"] == "queued" && queued.data["messages"]?.array?.isEmpty == true)
            try await door.exhaust()
            let report = try await server.send("GET", Self.path + "s/\(all)", token: "herald")
            let seen = try #require(report.data["broadcast"], "\(report.text)")
            #expect(seen["status"] == "done" && seen["total"] == 2 && seen["sent"] == 1 && seen["skipped"] == 1)
            #expect(seen["scopeType"] == "platform" && seen["createdBy"]?.string == "\(Desk.herald)")
            #expect(
                report.data["messages"]
                    == [["channel": "email", "pending": 0, "sent": 1, "delivered": 0, "failed": 0, "bounced": 0]], "\(report.text)")
            let rows: [(String?, String, Int, [String])] = [
                (nil, "", 401, []), ("reader", "", 403, []), ("clerk", "", 403, []), ("herald", "", 200, [own, all]),
                ("herald", "?limit=1", 200, [own]), ("herald", "?status=queued", 200, []),
                ("herald", "?scopeType=unit&scopeId=\(unit)", 200, [own]), ("janitor", "?scopeType=unit&scopeId=\(unit)", 200, [own]),
                ("janitor", "", 403, []), ("herald", "?scopeType=unit&scopeId=\(UUID.v7())", 404, []),
                ("herald", "?scopeType=unit", 422, []), ("herald", "?cursor=eA", 422, []),
            ]
            for (token, query, status, ids) in rows {
                let answer = try await server.send("GET", Self.path + "s" + query, token: token)
                let found = answer.data.array?.compactMap { $0["id"]?.string } ?? []
                #expect(answer.status == status && found == ids, "\(token ?? "-") \(query): \(answer.text)")
            }
            let single: [(String?, String, Int)] = [
                (nil, own, 401), ("reader", own, 403), ("janitor", own, 200), ("janitor", all, 404),
                ("janitor", UUID.v7().description, 404), ("herald", UUID.v7().description, 404), ("herald", "x", 404),
            ]
            for (token, id, status) in single {
                let answer = try await server.send("GET", Self.path + "s/\(id)", token: token)
                #expect(answer.status == status, "\(token ?? "-") \(id): \(answer.text)")
            }
        }
    }

    @Test func whoMayTellWhom() async throws {
        try await withDesk([Desk.reader]) { server, _ in
            func with(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
                .object((Self.body.object ?? []).filter { old in !members.contains { $0.name == old.name } } + members)
            }
            let unit = JSONValue.string(Everybody.unit.description)
            let rows: [(String?, JSONValue, Int, String?)] = [
                (nil, Self.body, 401, "unauthorized"), ("reader", Self.body, 403, "forbidden"), ("sender", Self.body, 403, "forbidden"),
                ("herald", with([("scopeType", "unit"), ("scopeId", unit)]), 202, nil),
                ("herald", with([("scopeType", "unit"), ("scopeId", .string(UUID.v7().description))]), 404, "not_found"),
                ("herald", with([("scopeType", "unit")]), 422, "invalid_input"), ("herald", with([("scopeId", unit)]), 422, "invalid_input"),
                ("herald", with([("category", "weather")]), 422, "category_unknown"),
                ("herald", with([("category", "security")]), 422, "category_unknown"),
                ("herald", with([("channels", [])]), 422, "invalid_input"), ("herald", with([("channels", ["email", "email"])]), 422, "invalid_input"),
                ("herald", with([("channels", ["whatsapp"])]), 422, "invalid_input"), ("herald", with([("title", "")]), 422, "invalid_input"),
                ("herald", with([("scheduledFor", "2020-01-01T00:00:00Z")]), 422, "invalid_input"),
                ("herald", with([("audience", ["roles": ["nobody"]])]), 202, nil),
            ]
            for (token, body, status, code) in rows {
                let answer = try await server.send("POST", Self.path, token: token, body: body)
                #expect(answer.status == status && answer.code == code, "\(body): \(answer.text)")
            }
        }
        try await withDesk((0...10_000).map { _ in UUID.v7() }) { server, _ in
            let answer = try await server.send("POST", Self.path, token: "herald", body: Self.body)
            #expect(answer.status == 422 && answer.code == "too_many_recipients")
        }
    }

    // MARK: The way out

    @Test func aMailToManyCarriesTheWayOut() async throws {
        try await withDatabase { database in
            try await Desk.people.settle(database)
            let mailer = TestMailer()
            let door = Notifications.test(database, mailer, audiences: Everybody(people: [Desk.reader]))
            let wish = NewBroadcast(
                scopeType: "platform", scopeID: nil, audience: nil, category: "announcements", title: "t", body: "b",
                channels: [.email], scheduledFor: nil)
            _ = try await door.accept(wish, by: try await Self.caller())
            try await door.send(Notice(.system, subject: "s", body: "b"), to: .user(Desk.reader, email: "reader@example.com"))
            try await door.exhaust()
            let link = "https://api.example/api/v1/notifications/unsubscribe/"
            let sent = mailer.sent
            #expect(sent.filter { $0.unsubscribe?.hasPrefix(link) == true }.count == 1 && sent.filter { $0.unsubscribe == nil }.count == 1)
            let mail = try #require(sent.first { $0.unsubscribe != nil })
            let address = try #require(EmailAddress("noreply@example.com"))
            let bytes = MIMEMessage(mail, from: MailSender(address, name: ""), at: .now).bytes
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("\r\nList-Unsubscribe:\r\n <\(mail.unsubscribe ?? "")>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
        }
    }

    @Test func whoeverFollowsItGetsNoMoreOfTheKind() async throws {
        try await withDesk([Desk.reader]) { server, door in
            let token = try #require(door.unsubscribing).token(for: Desk.reader, "announcements")
            let path = "/api/v1/notifications/unsubscribe/"
            let page = try await server.send("GET", path + token)
            #expect(page.status == 200 && page.text.contains("<form method=\"post\">") && page.text.contains("announcements"))
            #expect(try await door.preferences(of: Desk.reader).preferences.isEmpty)
            let form = ["Content-Type": "application/x-www-form-urlencoded"]
            for _ in 0..<2 {
                let answer = try await server.send("POST", path + token, fields: form, raw: Array("List-Unsubscribe=One-Click".utf8))
                #expect(answer.status == 200 && answer.data["category"] == "announcements", "\(answer.text)")
            }
            let chosen = Preference(category: "announcements", channel: .email, isEnabled: false)
            #expect(try await door.preferences(of: Desk.reader).preferences == [chosen])
            for forged in ["x", token + "A", "." + token] {
                #expect(try await server.send("GET", path + forged).status == 404)
                #expect(try await server.send("POST", path + forged, fields: form, raw: []).status == 404)
            }
            #expect(try await server.send("POST", Self.path, token: "herald", body: Self.body).status == 202)
            try await door.exhaust()
            #expect(try await rows(server.database) == ["reader in_app delivered"])
        }
    }
}
