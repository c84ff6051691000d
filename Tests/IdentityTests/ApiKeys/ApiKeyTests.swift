import JSON
import Service
import Support
import Testing
import Values

@testable import Identity

@Suite struct ApiKeyTests {
    private static let company = Scope("company", IdentityFixture.company)

    private func director(_ fixture: IdentityFixture) async throws -> (id: ID<User>, token: String) {
        try await fixture.person("director@example.com", [GrantDraft(role: "director", on: Self.company)])
    }

    @Test func `a key has what it names and its owner has, and is not its owner`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await director(fixture)
            let made = try await fixture.server.send(
                "POST", "/api/v1/api-keys", token: token, body: ["name": "sync", "permissions": ["users:read"]])
            #expect(made.status == 201)
            let key = made.data["secret"]?.string ?? ""
            #expect(key.hasPrefix("gk_"))
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: key).status == 200)
            #expect(try await fixture.server.send("GET", "/api/v1/audit-logs", token: key).status == 403)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: key).data["id"]?.string == id.description)
            for (method, path) in [("GET", "/api/v1/api-keys"), ("GET", "/api/v1/users/me/sign-ins")] {
                let own = try await fixture.server.send(method, path, token: key)
                #expect(own.status == 403 && own.code == "person_required")
            }
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: key + "A").status == 401)
            let list = try await fixture.server.send("GET", "/api/v1/api-keys", token: token)
            #expect(list.data[0]?["lastUsedAt"]?.string != nil && list.data[0]?["secret"] == nil)
            _ = try await fixture.module.grants.withdraw("director", on: Self.company, from: id, by: .system)
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: key).status == 403)
        }
    }

    @Test func `a key on a scope reaches no further`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            try await fixture.person(
                "guard@example.com", [GrantDraft(role: "guard", on: Scope("condo", IdentityFixture.condo))])
            let made = try await fixture.server.send(
                "POST", "/api/v1/api-keys", token: token,
                body: [
                    "name": "condo", "permissions": ["users:read"], "scopeType": "condo",
                    "scopeId": .string(IdentityFixture.condo.description),
                ])
            let list = try await fixture.server.send("GET", "/api/v1/users", token: made.data["secret"]?.string)
            #expect(list.data.array?.compactMap { $0["email"]?.string } == ["guard@example.com"])
        }
    }

    @Test(arguments: [
        (["name": "k", "permissions": ["payments:manage"]], 403, "permission_lacking"),
        (["name": "k", "permissions": ["*"]], 403, "permission_lacking"),
        (["name": "k", "permissions": []], 422, "invalid_input"),
        (["name": "k", "permissions": ["x"]], 422, "code_unknown"),
        (["name": "k", "permissions": ["users:read"], "expiresAt": "2020-01-01T00:00:00Z"], 422, "expiry_too_far"),
        (["name": "k", "permissions": ["users:read"], "expiresAt": "2099-01-01T00:00:00Z"], 422, "expiry_too_far"),
        (["name": "k", "permissions": ["users:read"], "scopeType": "castle", "scopeId": "0190f7a2-7d4e-7c11-8a55-000000000001"], 422, "scope_unknown"),
    ] as [(JSONValue, Int, String)])
    func `a key that asks for too much is refused`(body: JSONValue, status: Int, code: String) async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let answer = try await fixture.server.send("POST", "/api/v1/api-keys", token: token, body: body)
            #expect(answer.status == status && answer.code == code)
        }
    }

    @Test func `the old secret works a day beside the new one, a revoked key not at all`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            let made = try await fixture.server.send(
                "POST", "/api/v1/api-keys", token: token, body: ["name": "sync", "permissions": ["users:read"]])
            let old = made.data["secret"]?.string ?? ""
            let path = made.field("location") ?? ""
            let rotated = try await fixture.server.send("POST", path + "/rotate", token: token)
            let new = rotated.data["secret"]?.string ?? ""
            func status(_ key: String) async throws -> Int {
                try await fixture.server.send("GET", "/api/v1/users", token: key).status
            }
            #expect(rotated.status == 200 && new != old)
            #expect(try await status(old) == 200)
            #expect(try await status(new) == 200)
            fixture.server.clock.advance(by: .hours(24))
            #expect(try await status(old) == 401)
            #expect(try await status(new) == 200)
            let again = try await fixture.token("director@example.com")
            #expect(try await fixture.server.send("DELETE", path, token: again).status == 204)
            #expect(try await status(new) == 401)
            #expect(try await fixture.server.send("DELETE", path, token: again).status == 404)
        }
    }
}
