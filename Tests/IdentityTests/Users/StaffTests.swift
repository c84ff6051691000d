import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

@Suite struct StaffTests {
    private static func body(_ email: String, _ role: String) -> JSONValue {
        ["email": .string(email), "firstName": "New", "role": .string(role), "password": "LongEnough1234"]
    }

    @Test func `the administrator makes staff, who must change the password`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let made = try await fixture.server.send(
                "POST", "/api/v1/admin/users", token: root, body: Self.body("admin@example.com", "admin"))
            #expect(made.status == 201 && made.data["mustChangePassword"]?.bool == true)
            #expect(made.data["roles"]?[0]?["role"]?.string == "admin")
            let again = try await fixture.server.send(
                "POST", "/api/v1/admin/users", token: root, body: Self.body("admin@example.com", "admin"))
            #expect(again.status == 409 && again.code == "email_taken")
            let admin = try await fixture.token("admin@example.com", "LongEnough1234")
            let high = try await fixture.server.send(
                "POST", "/api/v1/admin/users", token: admin, body: Self.body("x@example.com", "super_admin"))
            #expect(high.status == 403 && high.code == "rank_too_low")
            let product = try await fixture.server.send(
                "POST", "/api/v1/admin/users", token: root, body: Self.body("x@example.com", "director"))
            #expect(product.status == 422 && product.code == "role_not_grantable")
            let weak: JSONValue = ["email": "x@example.com", "firstName": "X", "role": "support", "password": "Short1234"]
            let refused = try await fixture.server.send("POST", "/api/v1/admin/users", token: root, body: weak)
            #expect(refused.status == 422 && refused.refusedFields == ["password"])
            let changed = try await fixture.server.send(
                "PUT", "/api/v1/users/me/password", token: admin,
                body: ["currentPassword": "LongEnough1234", "newPassword": "Another5Horse"])
            #expect(changed.status == 204)
            #expect(try await fixture.signIn("admin@example.com", "Another5Horse").data["user"]?["mustChangePassword"]?.bool == false)
        }
    }

    @Test(arguments: [("super_admin", 0), ("admin", 1), ("support", 2)])
    func `who is above somebody goes by platform grants`(_ role: String, _ count: Int) async throws {
        try await withIdentity { fixture in
            _ = try await fixture.administrator()
            let (admin, _) = try await fixture.person("admin@example.com", [GrantDraft(role: "admin", on: .platform)])
            _ = try await fixture.person("nobody@example.com", [])
            let level = try #require(fixture.module.book[role]?.level)
            let grant = Grant(role: role, level: level, scope: .platform, permissions: PermissionSet(role: []))
            let caller = Caller(
                principal: Principal(
                    kind: .user, userID: .v7(), name: role, grants: [grant], sessionID: nil, expiresAt: .distantFuture))
            let above = try await fixture.module.ranks.above(caller)
            #expect(above.count == count)
            #expect(above.contains { $0.email == IdentityFixture.administrator } == (count > 0))
            #expect(above.contains { $0.id == admin.uuid } == (count > 1))
        }
    }

    @Test func `nobody acts on those above him, on himself, or on the last super administrator`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let rootID = try await fixture.module.users.find(email: EmailAddress(IdentityFixture.administrator)!)!.id
            let (adminID, admin) = try await fixture.person("admin@example.com", [GrantDraft(role: "admin", on: .platform)])
            let reason: JSONValue = ["reason": "because"]
            let above = try await fixture.server.send(
                "POST", "/api/v1/admin/users/\(rootID)/suspend", token: admin, body: reason)
            #expect(above.status == 403 && above.code == "rank_too_low")
            let put = try await fixture.server.send(
                "PUT", "/api/v1/admin/users/\(rootID)", token: admin, body: ["email": "mine@example.com"])
            #expect(put.status == 403)
            let own = try await fixture.server.send(
                "POST", "/api/v1/admin/users/\(adminID)/suspend", token: admin, body: reason)
            #expect(own.status == 403 && own.code == "own_account")
            let ownGrant = try await fixture.server.send(
                "PUT", "/api/v1/admin/users/\(adminID)", token: admin, body: ["role": "support"])
            #expect(ownGrant.status == 403 && ownGrant.code == "own_grants")
            let last = try await fixture.server.send("DELETE", "/api/v1/admin/users/\(rootID)", token: root)
            #expect(last.status == 409 && last.code == "last_super_admin")
            let me = try await fixture.server.send("DELETE", "/api/v1/users/me", token: root, body: ["password": "Admin@123"])
            #expect(me.status == 409 && me.code == "last_super_admin")
        }
    }

    @Test func `an account is shown with what the products show of it`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, _) = try await fixture.person("a@example.com")
            fixture.module.accountSections.bind([
                DashboardSection("shop", on: ["user"]) { scope in JSONText(encoding: JSONValue.object([("of", .string("\(scope.id!)"))])) },
                DashboardSection("shop", on: [.platform]) { _ in JSONText(encoding: JSONValue.object([])) },
            ])
            let seen = try await fixture.server.send("GET", "/api/v1/admin/users/\(id)", token: root)
            #expect(seen.data["sections"] == ["shop": ["of": .string("\(id)")]], "\(seen.text)")
            let changed = try await fixture.server.send("PUT", "/api/v1/admin/users/\(id)", token: root, body: ["firstName": "Bea"])
            #expect(changed.status == 200 && changed.data["sections"] == seen.data["sections"])
        }
    }

    @Test func `two super administrators who suspend each other at once leave one`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let rootID = try await fixture.module.users.find(email: EmailAddress(IdentityFixture.administrator)!)!.id
            let (otherID, other) = try await fixture.person(
                "other@example.com", [GrantDraft(role: "super_admin", on: .platform)])
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for (token, id) in [(root, otherID), (other, rootID)] {
                    group.addTask {
                        try await fixture.server.send(
                            "POST", "/api/v1/admin/users/\(id)/suspend", token: token, body: ["reason": "coup"]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // The slower one is told that somebody must stay, or is signed out before he asks.
            #expect(statuses.count { $0 == 200 } == 1)
            let alive = try await fixture.count(
                """
                select count(*) from identity.grants g join identity.users u on u.id = g.user_id
                where g.role = 'super_admin' and g.revoked_at is null and u.status = 'active'
                """)
            #expect(alive == 1)
        }
    }

    /// A change of role locks as an erasure does, so that the two do not wait for each other: what says how many super
    /// administrators there are, then the account.
    @Test func `who takes a super administrator's role locks his account second`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, _) = try await fixture.person("other@example.com", [GrantDraft(role: "super_admin", on: .platform)])
            let database = fixture.server.database
            let change = try await database.transaction { _ in
                _ = try await database.first(GrantQueries.lockSuperAdmins())
                let change = Task {
                    try await fixture.server.send(
                        "PUT", "/api/v1/admin/users/\(id)", token: root, body: ["role": "support"])
                }
                try await fixture.server.waitForLocks(1)
                _ = try await database.first(
                    Statement<Int>("select 1 from identity.users where id = \(id) for update nowait"))
                return change
            }
            let changed = try await change.value
            #expect(changed.status == 200 && changed.data["grants"]?[0]?["role"]?.string == "support", "\(changed.text)")
        }
    }

    @Test func `an account in full, changed by name, with its trail`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, token) = try await fixture.person("a@example.com")
            let path = "/api/v1/admin/users/\(id)"
            _ = try await fixture.server.send(
                "POST", "/api/v1/password-reset/request", body: ["email": "a@example.com"])
            let link = fixture.mailbox.last("password_reset", to: "a@example.com")?.token ?? ""
            let before = try await fixture.server.send("GET", path, token: root)
            #expect(before.status == 200 && before.data["signIns"]?.array?.count == 1)
            let changed = try await fixture.server.send(
                "PUT", path, token: root,
                body: ["email": "B@example.com", "phone": "8 (912) 345-67-89", "department": "hr", "role": "support"])
            #expect(changed.status == 200)
            #expect(changed.data["user"]?["email"]?.string == "b@example.com")
            #expect(changed.data["user"]?["phone"]?.string == "+79123456789")
            #expect(changed.data["user"]?["emailVerified"]?.bool == false)
            #expect(changed.data["grants"]?[0]?["role"]?.string == "support")
            #expect(try await fixture.server.send("GET", "/api/v1/admin/users", token: token).status == 200)
            let (_, other) = try await fixture.person("c@example.com")
            #expect(try await fixture.server.send("GET", "/api/v1/admin/users", token: other).status == 403)
            let stale = try await fixture.server.send(
                "POST", "/api/v1/password-reset/reset", body: ["token": .string(link), "newPassword": "Better8Horse"])
            #expect(stale.status == 422 && stale.code == "token_invalid")
            let taken = try await fixture.server.send("PUT", path, token: root, body: ["email": "c@example.com"])
            #expect(taken.status == 409 && taken.code == "email_taken")
            let trail = try await fixture.server.send("GET", path + "/activity?limit=100", token: root)
            let row = trail.data.array?.first { $0["action"]?.string == "user_updated" }
            #expect(row?["oldValues"]?["email"]?.string == "a@example.com")
            #expect(row?["newValues"]?["email"]?.string == "b@example.com")
            #expect(row?["actorKind"]?.string == "staff")
            #expect(row?["newValues"]?["firstName"] == nil)
            let list = try await fixture.server.send(
                "GET", "/api/v1/admin/users?type=staff&role=support&department=hr&q=b@example", token: root)
            #expect(list.meta["total"]?.int == 1)
            #expect(try await fixture.server.send("GET", "/api/v1/admin/users?product=test", token: root).meta["total"]?.int == 0)
            #expect(try await fixture.server.send("GET", "/api/v1/admin/users?type=member", token: root).meta["total"]?.int == 1)
        }
    }

    @Test func `a suspension ends by itself, and not before`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, _) = try await fixture.person("a@example.com")
            let until = (fixture.module.clock.now() + .hours(1)).description
            let path = "/api/v1/admin/users/\(id)"
            let past = try await fixture.server.send(
                "POST", path + "/suspend", token: root, body: ["reason": "r", "until": "2020-01-01T00:00:00Z"])
            #expect(past.status == 422)
            let body: JSONValue = ["reason": "noise", "until": .string(until)]
            let suspended = try await fixture.server.send("POST", path + "/suspend", token: root, body: body)
            #expect(suspended.status == 200 && suspended.data["status"]?.string == "suspended")
            #expect(fixture.mailbox.all("account_suspended", to: "a@example.com").count == 1)
            let again = try await fixture.server.send("POST", path + "/suspend", token: root, body: body)
            #expect(again.status == 409 && again.code == "already_suspended")
            #expect(try await fixture.module.liftSuspensions() == 0)
            fixture.server.clock.advance(by: .seconds(3_601))
            #expect(try await fixture.module.liftSuspensions() == 1)
            #expect(try await fixture.signIn("a@example.com").status == 200)
            let root2 = try await fixture.administrator()
            let active = try await fixture.server.send("POST", path + "/reactivate", token: root2, body: [:])
            #expect(active.status == 409 && active.code == "not_suspended")
        }
    }

    @Test(arguments: ["/api/v1/admin/users", "/api/v1/audit-logs", "activity"])
    func `a range has its end after its beginning, and 1,100 days at most`(_ path: String) async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, _) = try await fixture.person("a@example.com")
            let path = path == "activity" ? "/api/v1/admin/users/\(id)/activity" : path
            for (query, status) in [
                ("from=2026-01-01&to=2026-01-01", 200), ("from=2026-01-02&to=2026-01-01", 422),
                ("from=2020-01-01&to=2026-01-01", 422), ("from=2020-01-01", 200),
            ] {
                let answer = try await fixture.server.send("GET", "\(path)?\(query)", token: root)
                #expect(answer.status == status)
                #expect(status == 200 || answer.refusedFields == ["to"])
            }
        }
    }

    @Test func `lifting a ban takes the right to ban`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (_, admin) = try await fixture.person("admin@example.com", [GrantDraft(role: "admin", on: .platform)])
            let (id, _) = try await fixture.person("a@example.com")
            let path = "/api/v1/admin/users/\(id)"
            #expect(try await fixture.server.send("POST", path + "/ban", token: admin, body: ["reason": "r"]).status == 403)
            #expect(try await fixture.server.send("POST", path + "/ban", token: root, body: ["reason": "r"]).status == 200)
            #expect(try await fixture.server.send("POST", path + "/reactivate", token: admin, body: [:]).status == 403)
            let lifted = try await fixture.server.send("POST", path + "/reactivate", token: root, body: [:])
            #expect(lifted.status == 200 && lifted.data["status"]?.string == "active")
        }
    }

    @Test func `an erased person leaves an id, and may come anew`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, token) = try await fixture.person(
                "a@example.com", [GrantDraft(role: "guard", on: Scope("condo", IdentityFixture.condo))])
            #expect(try await fixture.server.send("DELETE", "/api/v1/admin/users/\(id)", token: root).status == 204)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
            #expect(try await fixture.signIn("a@example.com").code == "invalid_credentials")
            let left = try await fixture.server.send("GET", "/api/v1/admin/users/\(id)", token: root)
            #expect(left.data["user"]?["status"]?.string == "deleted" && left.data["user"]?["email"]?.isNull == true)
            #expect(left.data["user"]?["name"]?.string == "" && left.data["grants"] == [])
            #expect(try await fixture.server.send("DELETE", "/api/v1/admin/users/\(id)", token: root).status == 409)
            try await fixture.person("a@example.com")
        }
    }

    @Test func `staff sign somebody out and set his password`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (id, token) = try await fixture.person("a@example.com")
            let path = "/api/v1/admin/users/\(id)"
            #expect(try await fixture.server.send("POST", path + "/sign-out", token: root).status == 200)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
            let set = try await fixture.server.send(
                "PUT", path + "/password", token: root, body: ["password": "Another5Horses"])
            #expect(set.status == 204)
            #expect(try await fixture.signIn("a@example.com").status == 401)
            #expect(try await fixture.signIn("a@example.com", "Another5Horses").data["user"]?["mustChangePassword"]?.bool == true)
        }
    }
}
