import JSON
import Service
import Support
import Testing
import Values

@testable import Identity

@Suite struct PeopleTests {
    private static let company = Scope("company", IdentityFixture.company)
    private static let condo = Scope("condo", IdentityFixture.condo)

    private func director(_ fixture: IdentityFixture) async throws -> (id: ID<User>, token: String) {
        try await fixture.person("director@example.com", [GrantDraft(role: "director", on: Self.company)])
    }

    private func grant(_ role: String, _ type: String, _ id: UUID?) -> JSONValue {
        ["role": .string(role), "scopeType": .string(type), "scopeId": id.map { .string($0.description) } ?? nil]
    }

    @Test func `a director sees whoever has a grant in his company or below, and nobody else`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            try await fixture.person("guard@example.com", [GrantDraft(role: "guard", on: Self.condo)])
            let other = Scope("condo", IdentityFixture.otherCondo)
            let (far, _) = try await fixture.person("far@example.com", [GrantDraft(role: "guard", on: other)])
            let list = try await fixture.server.send("GET", "/api/v1/users?sort=email", token: token)
            #expect(list.data.array?.compactMap { $0["email"]?.string } == ["director@example.com", "guard@example.com"])
            #expect(list.meta["total"]?.int == 2)
            let found = try await fixture.server.send("GET", "/api/v1/users?q=GUARD&role=guard", token: token)
            #expect(found.meta["total"]?.int == 1)
            #expect(try await fixture.server.send("GET", "/api/v1/users?q=100%25", token: token).meta["total"]?.int == 0)
            #expect(try await fixture.server.send("GET", "/api/v1/users/\(far)", token: token).status == 404)
            #expect(try await fixture.server.send("GET", "/api/v1/users?limit=101", token: token).status == 422)
            #expect(try await fixture.server.send("GET", "/api/v1/users?colour=red", token: token).code == "unknown_field")
        }
    }

    @Test func `of a person others see how to reach him and what he is in their scopes`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let far = Scope("condo", IdentityFixture.otherCondo)
            let (id, own) = try await fixture.person(
                "guard@example.com",
                [GrantDraft(role: "guard", on: Self.condo), GrantDraft(role: "guard", on: far), GrantDraft(role: "support", on: .platform)])
            #expect(try await fixture.server.send(
                "PATCH", "/api/v1/users/me", token: own, body: ["birthOn": "1990-02-28"]).status == 200)
            let members: Set = [
                "id", "createdAt", "updatedAt", "name", "firstName", "middleName", "lastName", "email", "phone", "locale",
                "status", "roles",
            ]
            let list = try await fixture.server.send("GET", "/api/v1/users?q=guard", token: token)
            let one = try await fixture.server.send("GET", "/api/v1/users/\(id)", token: token)
            let changed = try await fixture.server.send(
                "PATCH", "/api/v1/users/\(id)", token: token, body: ["lastName": "Moved"])
            #expect(changed.status == 403)
            for person in [list.data[0], one.data] {
                #expect(Set((person?.object ?? []).map(\.name)) == members)
                #expect(person?["email"]?.string == "guard@example.com")
                #expect(person?["roles"]?.array?.map { $0["scopeId"]?.string } == [IdentityFixture.condo.description])
            }
            let root = try await fixture.administrator()
            let whole = try await fixture.server.send("GET", "/api/v1/users/\(id)", token: root)
            #expect(whole.data["roles"]?.array?.count == 3)
        }
    }

    @Test func `somebody new gets an account, his grants and an invitation`() async throws {
        try await withIdentity { fixture in
            let (chief, token) = try await director(fixture)
            let body: JSONValue = [
                "email": "New@Example.com", "firstName": "New", "grants": [grant("guard", "condo", IdentityFixture.condo)],
            ]
            #expect(try await fixture.server.send("POST", "/api/v1/users", body: body).status == 401)
            let answer = try await fixture.server.send("POST", "/api/v1/users", token: token, body: body)
            #expect(answer.status == 201 && answer.data["status"]?.string == "pending")
            #expect(answer.data["roles"]?[0]?["role"]?.string == "guard")
            #expect(answer.field("location") == "/api/v1/users/\(answer.data["id"]?.string ?? "")")
            let letter = try #require(fixture.mailbox.last("invitation", to: "new@example.com"))
            guard case .invitation(_, let inviter) = letter.letter else { preconditionFailure("an invitation is one") }
            #expect(inviter == (try await fixture.module.users.find(chief)?.name))
            let link = letter.token ?? ""
            let set = try await fixture.server.send(
                "POST", "/api/v1/password-reset/reset", body: ["token": .string(link), "newPassword": "Better8Horse"])
            #expect(set.status == 200)
            let signedIn = try await fixture.signIn("new@example.com", "Better8Horse")
            #expect(signedIn.data["user"]?["status"]?.string == "active")
            #expect(signedIn.data["user"]?["emailVerified"]?.bool == true)
        }
    }

    @Test func `somebody without e-mail signs in by his phone, however it is written`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let body: JSONValue = [
                "phone": "8 912 345 67 89", "firstName": "New", "grants": [grant("guard", "condo", IdentityFixture.condo)],
            ]
            let invitation = try await fixture.server.send("POST", "/api/v1/users", token: token, body: body)
            #expect(invitation.status == 422 && invitation.code == "password_or_invitation")
            guard case .object(let members) = body else { return }
            let whole = JSONValue.object(members + [("password", "LongEnough1234")])
            let made = try await fixture.server.send("POST", "/api/v1/users", token: token, body: whole)
            #expect(made.status == 201 && made.data["phone"]?.string == "+79123456789")
            let again = try await fixture.server.send("POST", "/api/v1/users", token: token, body: whole)
            #expect(again.status == 409 && again.code == "phone_taken")
            let signedIn = try await fixture.server.send(
                "POST", "/api/v1/auth/login", body: ["phone": "+7 (912) 345-67-89", "password": "LongEnough1234"])
            #expect(signedIn.status == 200)
            let both = try await fixture.server.send(
                "POST", "/api/v1/auth/login",
                body: ["phone": "+79123456789", "email": "a@example.com", "password": "LongEnough1234"])
            #expect(both.status == 422)
        }
    }

    @Test func `the staff of a scope changes names, of those not above it`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let guardian = GrantDraft(role: "guard", on: Self.condo)
            let (id, _) = try await fixture.person("guard@example.com", [guardian])
            let changed = try await fixture.server.send(
                "PATCH", "/api/v1/users/\(id)", token: token, body: ["lastName": "Moved", "locale": "bg"])
            #expect(changed.status == 200 && changed.data["name"]?.string == "Ann Moved")
            let refused = try await fixture.server.send(
                "PATCH", "/api/v1/users/\(id)", token: token, body: ["email": "x@example.com"])
            #expect(refused.status == 422 && refused.code == "unknown_field")
            let (admin, _) = try await fixture.person(
                "admin@example.com", [guardian, GrantDraft(role: "admin", on: .platform)])
            let above = try await fixture.server.send(
                "PATCH", "/api/v1/users/\(admin)", token: token, body: ["lastName": "Moved"])
            #expect(above.status == 403 && above.code == "rank_too_low")
        }
    }

    @Test func `who has an account already gets the grants alone`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let (id, _) = try await fixture.person("known@example.com")
            let body: JSONValue = [
                "email": "known@example.com", "firstName": "Renamed",
                "grants": [grant("guard", "condo", IdentityFixture.condo)],
            ]
            let answer = try await fixture.server.send("POST", "/api/v1/users", token: token, body: body)
            #expect(answer.status == 201 && answer.data["id"]?.string == id.description)
            #expect(answer.data["firstName"]?.string == "Ann")
            #expect(fixture.mailbox.all("set_password", to: "known@example.com").isEmpty)
            let again = try await fixture.server.send("POST", "/api/v1/users", token: token, body: body)
            #expect(again.status == 409 && again.code == "grant_exists")
            guard case .object(let members) = body else { return }
            let withPassword = JSONValue.object(members + [("password", "LongEnough1234")])
            let refused = try await fixture.server.send("POST", "/api/v1/users", token: token, body: withPassword)
            #expect(refused.status == 409 && refused.code == "email_taken")
        }
    }

    /// Role, scope, and the refusal a director of the first company gets.
    @Test(arguments: [
        ("nothing", "condo", IdentityFixture.condo, 422, "role_unknown"),
        ("guard", "company", IdentityFixture.company, 422, "role_not_grantable"),
        ("resident", "condo", IdentityFixture.condo, 422, "role_not_grantable"),
        ("guard", "condo", IdentityFixture.otherCondo, 422, "scope_unknown"),
        ("guard", "condo", UUID.zero, 422, "scope_unknown"),
        ("guard", "castle", IdentityFixture.condo, 422, "scope_unknown"),
        ("support", "platform", nil, 422, "scope_unknown"),
    ] as [(String, String, UUID?, Int, String)])
    func `a gift beyond the giver is refused`(role: String, type: String, scope: UUID?, status: Int, code: String) async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let (id, _) = try await fixture.person("a@example.com")
            let answer = try await fixture.server.send(
                "POST", "/api/v1/users/\(id)/grants", token: token, body: grant(role, type, scope))
            #expect(answer.status == status && answer.code == code)
        }
    }

    @Test func `nobody gives a code he lacks, and a denial wins`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let (id, guardToken) = try await fixture.person("a@example.com")
            func give(_ codes: JSONValue) async throws -> TestAnswer {
                try await fixture.server.send(
                    "POST", "/api/v1/users/\(id)/grants", token: token,
                    body: [
                        "role": "guard", "scopeType": "condo", "scopeId": .string(IdentityFixture.condo.description),
                        "permissions": codes,
                    ])
            }
            #expect(try await give(["payments:manage"]).code == "rank_too_low")
            #expect(try await give(["*"]).code == "rank_too_low")
            #expect(try await give(["Not A Code"]).code == "code_unknown")
            let given = try await give(["audit:read", "-users:read"])
            #expect(given.status == 201)
            #expect(given.data["effectivePermissions"] == ["audit:read", "condos:update"])
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: guardToken).status == 403)
            #expect(try await fixture.server.send("GET", "/api/v1/audit-logs", token: guardToken).status == 200)
            let own = try await fixture.server.send("GET", "/api/v1/users/me/grants", token: guardToken)
            #expect(own.data[0]?["effectivePermissions"] == ["audit:read", "condos:update"])
        }
    }

    @Test func `a change of grants acts on the next request`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let (id, member) = try await fixture.person("a@example.com")
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: member).status == 403)
            let given = try await fixture.server.send(
                "POST", "/api/v1/users/\(id)/grants", token: token, body: grant("guard", "condo", IdentityFixture.condo))
            let path = given.field("location") ?? ""
            for _ in 0..<5 { #expect(try await fixture.server.send("GET", "/api/v1/users", token: member).status == 200) }
            let changed = try await fixture.server.send(
                "PATCH", path, token: token, body: ["permissions": ["-users:read"]])
            #expect(changed.status == 200)
            for _ in 0..<5 { #expect(try await fixture.server.send("GET", "/api/v1/users", token: member).status == 403) }
            #expect(try await fixture.server.send("DELETE", path, token: token).status == 204)
            #expect(try await fixture.server.send("DELETE", path, token: token).status == 404)
            #expect(try await fixture.count("select count(*) from api.outbox where event = 'user.grants_changed'") >= 3)
        }
    }

    @Test func `what a product gives by its own rules nobody takes by hand`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let (id, _) = try await fixture.person("a@example.com", [GrantDraft(role: "resident", on: Self.condo)])
            let grant = try await fixture.module.grants.live(of: id)[0].id
            let refused = try await fixture.server.send("DELETE", "/api/v1/users/\(id)/grants/\(grant)", token: token)
            #expect(refused.status == 422 && refused.code == "role_not_grantable")
            #expect(try await fixture.server.send("DELETE", "/api/v1/users/\(id)", token: token).status == 204)
            #expect(try await fixture.module.grants.live(of: id).count == 1)
        }
    }

    @Test func `removing a person withdraws the grants in the caller's scopes only`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let (id, _) = try await fixture.person(
                "a@example.com",
                [
                    GrantDraft(role: "guard", on: Self.condo),
                    GrantDraft(role: "guard", on: Scope("condo", IdentityFixture.otherCondo)),
                ])
            #expect(try await fixture.server.send("DELETE", "/api/v1/users/\(id)", token: token).status == 204)
            #expect(try await fixture.module.grants.live(of: id).map(\.scope.id) == [IdentityFixture.otherCondo])
            #expect(try await fixture.server.send("GET", "/api/v1/users/\(id)", token: token).status == 404)
            #expect(try await fixture.signIn("a@example.com").status == 200)
        }
    }

    @Test func `a move takes the reach along`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let (id, _) = try await fixture.person(
                "a@example.com", [GrantDraft(role: "guard", on: Scope("condo", IdentityFixture.otherCondo))])
            #expect(try await fixture.server.send("GET", "/api/v1/users/\(id)", token: token).status == 404)
            try await fixture.server.database.execute(
                .init("update test_condos set company_id = \(IdentityFixture.company) where id = \(IdentityFixture.otherCondo)"))
            #expect(try await fixture.server.send("GET", "/api/v1/users/\(id)", token: token).status == 200)
        }
    }

    @Test func `products find or create people and mail them a link`() async throws {
        try await withIdentity { fixture in
            let users = fixture.module.users
            let draft = NewUser(email: EmailAddress("dir@example.com"), firstName: "Dir", source: "condominiums")
            let made = try await withThrowingTaskGroup(of: (ID<User>, Bool).self) { group in
                for _ in 0..<6 {
                    group.addTask(executorPreference: TestLoops.group.loops[0]) {
                        let (user, isNew) = try await users.findOrCreate(draft, by: Caller(principal: nil))
                        return (user.id, isNew)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(made.map(\.0)).count == 1 && made.count { $0.1 } == 1)
            #expect(fixture.mailbox.last("set_password", to: "dir@example.com")?.token != nil)
        }
    }

    /// Tokens that loops remember since before the gate was closed know of it, too.
    @Test func `a closed gate above a grant shuts the lists below it`() async throws {
        try await withIdentity { fixture in
            let (_, member) = try await fixture.person("guard@example.com", [GrantDraft(role: "guard", on: Self.condo)])
            func look() async throws -> TestAnswer {
                try await fixture.server.send("GET", "/api/v1/users", token: member)
            }
            for _ in 0..<5 { #expect(try await look().status == 200) }
            let lock = ScopeLock(status: 403, code: "forbidden", reason: "Closed.")
            try await fixture.module.gates.close(Self.company, lock)
            try await fixture.module.gates.reload()
            for _ in 0..<5 { #expect(try await look().status == 403) }
            try await fixture.module.gates.open(Self.company)
            try await fixture.module.gates.reload()
            for _ in 0..<5 { #expect(try await look().status == 200) }
        }
    }

    @Test func `a closed gate answers for everybody whose right comes from the scope`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let loop = TestLoops.group.loops[0]
            let principal = try await fixture.module.authenticator.authenticate(
                token, on: loop, at: fixture.module.clock.now())
            let path = try await fixture.module.scopes.path(of: Self.condo)
            #expect(path == [Self.condo, Self.company])
            let caller = Caller(principal: principal, locks: fixture.module.gates.locks)
            try caller.require("users:read", on: path)
            let lock = ScopeLock(status: 402, code: "subscription_expired", reason: "The subscription has expired.")
            try await fixture.module.gates.close(Self.company, lock)
            try await fixture.module.gates.reload()
            let refusal = #expect(throws: Problem.self) { try caller.require("users:read", on: path) }
            #expect(refusal?.status == 402 && refusal?.code == "subscription_expired")
            let unpaid = ScopeLock(.writes, status: 402, code: "subscription_expired", reason: "Expired.")
            try await fixture.module.gates.close(Self.company, unpaid)
            try await fixture.module.gates.reload()
            #expect(throws: Problem.self) { try caller.require("users:read", on: path) }
            let reader = Caller(principal: principal, locks: fixture.module.gates.locks, isReading: true)
            try reader.require("users:read", on: path)
            try await fixture.module.gates.open(Self.company)
            try await fixture.module.gates.reload()
            try caller.require("users:read", on: path)
        }
    }

    @Test func `a gate closed while notifications did not arrive is learned when they do again`() async throws {
        try await withIdentity { fixture in
            let database = fixture.server.database
            let gates = fixture.module.gates
            let path = [Self.company]
            let listening = """
                select pid from pg_stat_activity
                where datname = current_database() and query ilike 'listen%' and state = 'idle'
                """
            while try await database.administer(listening).isEmpty { await Task.yield() }
            // The table as another instance leaves it when nobody hears of it.
            try await database.administer(
                """
                alter table identity.scope_locks disable trigger scope_locks_tell;
                insert into identity.scope_locks (scope_type, scope_id, mode, status, code, reason, since_at)
                values ('company', '\(IdentityFixture.company)', 'all', 402, 'subscription_expired', 'Expired.', now());
                alter table identity.scope_locks enable trigger scope_locks_tell
                """)
            try await database.administer("select pg_terminate_backend(pid) from (\(listening)) l")
            while gates.locks.lock(on: path) == nil { await Task.yield() }
        }
    }
}
