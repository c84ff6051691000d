import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

@Suite struct ExportTests {
    private static let trail = "/api/v1/audit-logs/export"
    private static let users = "/api/v1/admin/users/export"

    /// The rows of a file, each with its cells by column. For cells without commas, quotes and line ends.
    private static func rows(_ answer: TestAnswer) -> [[String: String]] {
        let lines = answer.text.split(separator: "\r\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let names = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(names, $0)) { first, _ in first } }
    }

    @Test(arguments: [trail, users])
    func `a file is for whom the list is for`(_ path: String) async throws {
        try await withIdentity { fixture in
            let company = Scope("company", IdentityFixture.company)
            let condo = Scope("condo", IdentityFixture.condo)
            let isTrail = path == Self.trail
            let callers: [(token: String?, status: Int)] = [
                (nil, 401), (try await fixture.person("a@example.com").token, 403),
                (try await fixture.person("guard@example.com", [GrantDraft(role: "guard", on: condo)]).token, 403),
                (try await fixture.person("dir@example.com", [GrantDraft(role: "director", on: company)]).token,
                    isTrail ? 200 : 403),
                (try await fixture.person("admin@example.com", [GrantDraft(role: "admin", on: .platform)]).token, 200),
                (try await fixture.administrator(), 200),
            ]
            for (token, status) in callers {
                let answer = try await fixture.server.send("GET", path, token: token)
                let list = try await fixture.server.send(
                    "GET", String(path.dropLast("/export".count)), token: token)
                #expect(answer.status == status && list.status == status)
                #expect(answer.isWhole && answer.text.hasPrefix(status == 200 ? "id," : "{"))
            }
            for query in ["format=pdf", "sort=name", "limit=1", "x=1", "from=x"] {
                let refused = try await fixture.server.send("GET", "\(path)?\(query)", token: callers.last?.token)
                #expect(refused.status == 422)
            }
        }
    }

    @Test func `a director's file of the trail has what his list has`() async throws {
        try await withIdentity { fixture in
            let company = Scope("company", IdentityFixture.company)
            let (_, token) = try await fixture.person("dir@example.com", [GrantDraft(role: "director", on: company)])
            for id in [IdentityFixture.condo, IdentityFixture.otherCondo] {
                for action in ["changed", "closed"] {
                    await fixture.module.audit.record(
                        AuditEntry(action, "condo", id.description, scope: Scope("condo", id)), by: .system)
                }
            }
            for query in ["", "?action=changed", "?objectType=condo&objectId=\(IdentityFixture.otherCondo)"] {
                let list = try await fixture.server.send("GET", "/api/v1/audit-logs\(query)", token: token)
                let file = try await fixture.server.send("GET", Self.trail + query, token: token)
                let ids = list.data.array?.compactMap { $0["id"]?.string }
                #expect(file.isWhole && ids == Self.rows(file).compactMap { $0["id"] })
                #expect(!file.text.contains(IdentityFixture.otherCondo.description))
            }
        }
    }

    /// Once, and not when only its head is asked for.
    @Test func `a file is written into the trail`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person("a@example.com", [GrantDraft(role: "admin", on: .platform)])
            for path in [Self.trail, Self.users] {
                #expect(try await fixture.server.send("HEAD", path, token: token).status == 200)
            }
            let file = try await fixture.server.send("GET", Self.trail + "?action=sign_in&format=csv", token: token)
            #expect(Self.rows(file).map { $0["action"] } == ["sign_in"])
            _ = try await fixture.server.send("GET", Self.users + "?status=active&q=a@", token: token)
            for (action, details) in [
                ("audit_logs_exported", ["action": "sign_in", "rows": 1] as JSONValue),
                ("users_exported", ["q": "a@", "rows": 1, "status": "active"]),
            ] {
                let rows = try await fixture.server.send("GET", "/api/v1/audit-logs?action=\(action)", token: token)
                #expect(rows.data.array?.count == 1)
                #expect(rows.data[0]?["actorId"]?.string == id.description)
                for (name, value) in details.object ?? [] { #expect(rows.data[0]?["details"]?[name] == value) }
            }
        }
    }

    @Test func `a file of accounts is filtered, has their roles, and runs no formula`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let company = Scope("company", IdentityFixture.company)
            let (id, _) = try await fixture.person(
                "dir@example.com", [GrantDraft(role: "admin", on: .platform), GrantDraft(role: "director", on: company)])
            try await fixture.person("other@example.com")
            try await fixture.server.database.execute(
                Command("update identity.users set first_name = '=1+1', phone = '+79001234567' where id = \(id)"))
            let everybody = try await fixture.server.send("GET", Self.users, token: root)
            #expect(Self.rows(everybody).map { $0["email"] } == ["other@example.com", "dir@example.com", "root@example.com"])
            for query in ["type=staff&q=dir@", "role=director", "product=test&status=active"] {
                let rows = Self.rows(try await fixture.server.send("GET", "\(Self.users)?\(query)", token: root))
                #expect(rows.map { $0["id"] } == [id.description])
                let row = try #require(rows.first)
                #expect(row["firstName"] == "'=1+1" && row["phone"] == "'+79001234567")
                let roles = Set(row["roles"]?.split(separator: "; ").map(String.init) ?? [])
                #expect(roles == ["admin", "director company:\(IdentityFixture.company)"])
            }
            let hash = try await fixture.server.database.one(
                Statement<String>("select password_hash from identity.users where id = \(id)"))
            #expect(!everybody.text.contains(hash))
        }
    }

    /// Rows of 1 KB, several at each instant, so that pages end between rows of one instant.
    private static func fill(_ fixture: IdentityFixture, rows: Int) async throws {
        try await fixture.server.database.execute(
            Command(
                """
                insert into identity.audit_logs (id, at, actor_kind, actor_name, action, object_type, object_id, new_values)
                select gen_random_uuid(), now() - (n / 7) * interval '1 second', 'system', 'system', 'filled', 'thing',
                    n::text, jsonb_build_object('text', repeat('x', 900))
                from generate_series(1, \(rows)) n
                """))
        _ = try await fixture.server.database.administer("analyze identity.audit_logs")
    }

    @Test func `pages follow each other without a gap, and files have an end`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            try await Self.fill(fixture, rows: 3_000)
            let file = try await fixture.server.send("GET", Self.trail + "?action=filled", token: root)
            #expect(file.isWhole)
            let numbers = file.text.matches(of: /,filled,thing,(\d+),/).compactMap { Int($0.output.1) }
            #expect(numbers.count == 3_000 && Set(numbers) == Set(1...3_000))
            try await Self.fill(fixture, rows: ExportLimit.rows - 2_999)
            let refused = try await fixture.server.send("GET", Self.trail + "?action=filled", token: root)
            #expect(refused.status == 422 && refused.code == "range_too_large")
        }
    }

    @Test func `a page is read by the index of its order`() async throws {
        try await withIdentity { fixture in
            try await Self.fill(fixture, rows: 20_000)
            let database = fixture.server.database
            try await database.execute(
                Command(
                    """
                    insert into identity.users (id, created_at, updated_at, email, first_name, last_name, status)
                    select gen_random_uuid(), now() - n * interval '1 second', now(), n || '@example.com', 'A', 'B', 'active'
                    from generate_series(1, 20000) n
                    """))
            _ = try await database.administer("analyze identity.users")
            let now = fixture.module.clock.now()
            let (trail, users) = (AuditCursor(before: now), UserCursor(before: now))
            for (sql, index) in [
                (AuditQueries.list(AuditCondition(), after: trail, limit: 1_000).sql, "audit_logs_at_idx"),
                (AuditQueries.count(AuditCondition(), after: trail, upTo: 50_001).sql, "audit_logs_at_idx"),
                (AuditQueries.list(AuditCondition(action: "filled"), after: trail, limit: 1_000).sql, "audit_logs_a"),
                (UserQueries.list(UserCondition(), after: users, limit: 1_000).sql, "users_created_at_idx"),
                (UserQueries.list(UserCondition(status: .active), after: users, limit: 1_000).sql, "users_created_at_idx"),
            ] {
                let plan = try await database.all(Statement<String>("explain \(sql)")).joined(separator: "\n")
                #expect(plan.contains(index) && !plan.contains("Sort"), "\(plan)")
            }
        }
    }

    @Test func `a database that fails in the middle is seen in the file`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            try await Self.fill(fixture, rows: 12_000)
            let reader = try await fixture.server.client.open(Self.trail, token: root)
            try await reader.receive(until: ",filled,thing,")
            try await fixture.server.database.transaction { _ in
                try await fixture.server.database.execute(
                    Command("lock table identity.audit_logs in access exclusive mode"))
                async let file = reader.answer()
                try await fixture.server.waitForLocks(1)
                _ = try await fixture.server.database.administer(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where wait_event_type = 'Lock' and datname = current_database()
                    """)
                let answer = try await file
                #expect(answer.status == 200 && !answer.isWhole)
                #expect(answer.text.hasPrefix("id,at,"))
            }
        }
    }
}
