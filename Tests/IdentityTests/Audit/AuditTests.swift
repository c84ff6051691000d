import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

@Suite struct AuditTests {
    @Test func `the trail is read by filter, page by page, by whoever may`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            for number in 0..<5 { try await fixture.person("p\(number)@example.com") }
            var path = "/api/v1/audit-logs?action=sign_in&limit=2"
            var seen: [String] = []
            while true {
                let answer = try await fixture.server.send("GET", path, token: root)
                #expect(answer.status == 200)
                seen += (answer.data.array ?? []).compactMap { $0["id"]?.string }
                guard let cursor = answer.meta["nextCursor"]?.string else { break }
                path = "/api/v1/audit-logs?action=sign_in&limit=2&cursor=\(cursor)"
            }
            #expect(seen.count == 6 && Set(seen).count == 6)
            let one = try await fixture.server.send("GET", "/api/v1/audit-logs/\(seen[0])", token: root)
            #expect(one.data["action"]?.string == "sign_in" && one.data["client"]?.string == "test")
            let stats = try await fixture.server.send("GET", "/api/v1/audit-logs/stats?action=sign_in", token: root)
            #expect(stats.data["total"]?.int == 6)
            #expect(stats.data["topActions"]?[0]?["count"]?.int == 6)
            for query in ["cursor=x", "from=2026-02-01&to=2026-01-01", "from=2020-01-01&to=2026-01-01", "x=1"] {
                let refused = try await fixture.server.send("GET", "/api/v1/audit-logs?\(query)", token: root)
                #expect(refused.status == 422)
            }
        }
    }

    /// PostgreSQL counts scalars: one letter under hundreds of accents is hundreds of characters.
    @Test func `no client and no name is too long to be written down`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, token) = try await fixture.person("a@example.com", [GrantDraft(role: "admin", on: .platform)])
            let client = "a" + String(repeating: "\u{301}", count: 500)
            let login = try await fixture.server.send(
                "POST", "/api/v1/auth/login", fields: ["User-Agent": client],
                body: ["email": "a@example.com", "password": .string(IdentityFixture.password)])
            #expect(login.status == 200)
            let name = JSONValue.string(String(repeating: "n", count: 100))
            for member in ["firstName", "middleName", "lastName"] {
                let change = try await fixture.server.send(
                    "PUT", "/api/v1/admin/users/\(id)", token: root, fields: ["User-Agent": client],
                    body: .object([(name: member, value: name)]))
                #expect(change.status == 200)
            }
            let key = try await fixture.server.send(
                "POST", "/api/v1/api-keys", token: token, body: ["name": name, "permissions": ["users:update"]])
            let (other, _) = try await fixture.person("b@example.com")
            let signedOut = try await fixture.server.send(
                "POST", "/api/v1/admin/users/\(other)/sign-out", token: key.data["secret"]?.string,
                fields: ["User-Agent": client])
            #expect(signedOut.status == 200)
            #expect(fixture.module.audit.failureCount == 0)
            let rows = try await fixture.count(
                "select count(*) from identity.audit_logs where char_length(client) = 400 and action = 'user_updated'")
            #expect(rows == 3)
            let cut = try await fixture.count(
                "select count(*) from identity.audit_logs where char_length(actor_name) = 320 and action = 'user_signed_out'")
            #expect(cut == 1)
        }
    }

    @Test func `a director reads what happened in his company`() async throws {
        try await withIdentity { fixture in
            let company = Scope("company", IdentityFixture.company)
            let (director, token) = try await fixture.person("dir@example.com", [GrantDraft(role: "director", on: company)])
            for id in [IdentityFixture.condo, IdentityFixture.otherCondo] {
                await fixture.module.audit.record(
                    AuditEntry("changed", "condo", id.description, scope: Scope("condo", id)), by: .system)
            }
            let list = try await fixture.server.send("GET", "/api/v1/audit-logs", token: token)
            #expect(list.data.array?.compactMap { $0["objectId"]?.string }
                == [IdentityFixture.condo.description, director.description])
            #expect(list.data.array?.map { $0["action"]?.string } == ["changed", "grant_given"])
        }
    }

    @Test func `rows cannot be changed, and leave by retention only`() async throws {
        try await withIdentity { fixture in
            await fixture.module.audit.record(AuditEntry("old", "thing", nil), by: .system)
            let database = fixture.server.database
            for command in [
                Command("update identity.audit_logs set action = 'x'"), Command("delete from identity.audit_logs"),
                Command("truncate identity.audit_logs"),
            ] {
                await #expect(throws: DatabaseError.self) { try await database.execute(command) }
            }
            let now = fixture.module.clock.now()
            let young = try await fixture.module.audit.purge(before: now - .days(1))
            let old = try await fixture.module.audit.purge(before: now + .days(1))
            #expect(young == 0 && old > 0)
        }
    }

    @Test func `a trail that cannot be written breaks nothing`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, _) = try await fixture.person("a@example.com")
            try await fixture.server.database.execute(
                Command("alter table identity.audit_logs add constraint refuse check (action = 'never') not valid"))
            let answer = try await fixture.server.send(
                "PUT", "/api/v1/admin/users/\(id)", token: root, body: ["firstName": "Changed"])
            #expect(answer.status == 200 && answer.data["user"]?["firstName"]?.string == "Changed")
            #expect(fixture.module.audit.failureCount == 1)
        }
    }

    /// What the trail shows is what the API shows: numbers are numbers.
    @Test(arguments: [
        (AuditValue(7 as Int?), "7"), (AuditValue(nil as Int?), "null"), (AuditValue("7"), #""7""#),
        (AuditValue(FixedPoint<3>(raw: 12_500)), "12.5"), (.decimal(Money(minor: 50_050, currency: .eur).decimal), "500.5"),
        (.json(JSONText(encoding: ["a": 1] as JSONValue)), #"{"a":1}"#), (.flag(true), "true"), (.list(["a"]), #"["a"]"#),
    ])
    func `values keep their types`(_ value: AuditValue, _ text: String) {
        #expect(value.jsonString == text)
    }

    @Test func `secrets are named, never shown`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            _ = try await fixture.server.send(
                "PUT", "/api/v1/users/me/password", token: token,
                body: ["currentPassword": "Correct7Horse", "newPassword": "Better8Horse"])
            let rows = try await fixture.server.database.all(
                Statement<JSONText>("select new_values from identity.audit_logs where action = 'password_changed'"))
            #expect(rows.map { JSONValue.parsed($0.bytes)?["password"]?.string } == ["***"])
        }
    }
}
