import JSON
import Service
import Support
import Testing
import Values

@testable import Identity

/// Every operation as a guest, as somebody without grants, as the staff of another company, and as a guard who may read
/// but not change.
@Suite struct AccessTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let body: JSONValue?
        /// As guest, member, stranger, reader.
        let statuses: [Int]

        init(_ method: String, _ path: String, _ statuses: [Int], body: JSONValue? = nil) {
            (self.method, self.path, self.statuses, self.body) = (method, path, statuses, body)
        }

        var testDescription: String { "\(method) \(path)" }
    }

    /// `{id}` is a guard of the first company's condo; `{grant}` his grant. The stranger directs the other company.
    static let rows: [Row] = [
        Row("GET", "/users/me", [401, 200, 200, 200]),
        Row("GET", "/users/me/two-factor/recovery-codes", [401, 200, 200, 200]),
        // Before anybody has guessed too often.
        Row("POST", "/users/me/two-factor/recovery-codes", [401, 409, 409, 409], body: ["password": .string(IdentityFixture.password), "code": "482913"]),
        Row("PATCH", "/users/me", [401, 200, 200, 200], body: ["locale": "en"]),
        Row("DELETE", "/users/me", [401, 422, 422, 422], body: ["password": "Wrong7Horse"]),
        Row("PUT", "/users/me/password", [401, 422, 422, 422], body: ["currentPassword": "Wrong7Horse", "newPassword": "Better8Horse"]),
        Row("POST", "/users/me/email", [401, 422, 422, 422], body: ["email": "x@example.com", "password": "Wrong7Horse"]),
        Row("POST", "/users/me/phone", [401, 422, 422, 422], body: ["phone": "+79161234567", "password": "Wrong7Horse"]),
        Row("POST", "/users/me/phone/verify", [401, 401, 401, 401], body: ["code": "482913"]),
        Row("GET", "/users/me/preferences", [401, 200, 200, 200]),
        Row("PATCH", "/users/me/preferences", [401, 200, 200, 200], body: ["theme": "dark"]),
        Row("GET", "/users/me/sign-ins", [401, 200, 200, 200]),
        Row("POST", "/users/me/telegram-link", [401, 201, 201, 201], body: ["bot": "condo"]),
        Row("DELETE", "/users/me/telegram-link", [401, 404, 404, 404]),
        Row("POST", "/users/me/two-factor", [401, 201, 201, 201], body: ["method": "totp"]),
        Row("POST", "/users/me/two-factor/confirm", [401, 401, 401, 401], body: ["code": "482913"]),
        Row("DELETE", "/users/me/two-factor", [401, 422, 422, 422], body: ["password": "Wrong7Horse", "code": "482913"]),
        Row("GET", "/users/me/grants", [401, 200, 200, 200]),
        Row("GET", "/email-verification/status", [401, 200, 200, 200]),
        Row("POST", "/email-verification/resend", [401, 202, 202, 202]),
        Row("GET", "/api-keys", [401, 200, 200, 200]),
        Row("POST", "/api-keys", [401, 403, 201, 403], body: ["name": "k", "permissions": ["users:create"]]),
        Row("DELETE", "/api-keys/{id}", [401, 404, 404, 404]),
        Row("POST", "/api-keys/{id}/rotate", [401, 404, 404, 404]),
        Row("GET", "/users", [401, 403, 200, 200]),
        Row("GET", "/users/{id}", [401, 403, 404, 200]),
        Row("PATCH", "/users/{id}", [401, 403, 404, 403], body: ["firstName": "Bob"]),
        Row("DELETE", "/users/{id}", [401, 403, 404, 403]),
        Row("GET", "/users/{id}/grants", [401, 403, 404, 200]),
        Row("GET", "/users/{id}/grants/{grant}", [401, 403, 404, 200]),
        Row("PATCH", "/users/{id}/grants/{grant}", [401, 403, 404, 403], body: ["permissions": []]),
        Row("DELETE", "/users/{id}/grants/{grant}", [401, 403, 404, 403]),
        Row("GET", "/admin/users", [401, 403, 403, 403]),
        Row("GET", "/admin/users/export", [401, 403, 403, 403]),
        Row("POST", "/admin/users", [401, 403, 403, 403], body: ["email": "x@example.com", "firstName": "X", "role": "support"]),
        Row("GET", "/admin/users/{id}", [401, 403, 403, 403]),
        Row("PUT", "/admin/users/{id}", [401, 403, 403, 403], body: ["firstName": "X"]),
        Row("DELETE", "/admin/users/{id}", [401, 403, 403, 403]),
        Row("PUT", "/admin/users/{id}/password", [401, 403, 403, 403], body: ["password": "LongEnough1234"]),
        Row("DELETE", "/admin/users/{id}/two-factor", [401, 403, 403, 403]),
        Row("POST", "/admin/users/{id}/suspend", [401, 403, 403, 403], body: ["reason": "r"]),
        Row("POST", "/admin/users/{id}/reactivate", [401, 403, 403, 403], body: [:]),
        Row("POST", "/admin/users/{id}/ban", [401, 403, 403, 403], body: ["reason": "r"]),
        Row("POST", "/admin/users/{id}/sign-out", [401, 403, 403, 403]),
        Row("GET", "/admin/users/{id}/activity", [401, 403, 403, 403]),
        Row("GET", "/audit-logs", [401, 403, 200, 403]),
        Row("GET", "/audit-logs/export", [401, 403, 200, 403]),
        Row("GET", "/audit-logs/stats", [401, 403, 200, 403]),
        Row("GET", "/audit-logs/{id}", [401, 403, 404, 403]),
    ]

    @Test func `who may do what`() async throws {
        try await withIdentity { fixture in
            let condo = Scope("condo", IdentityFixture.condo)
            let (id, reader) = try await fixture.person("guard@example.com", [GrantDraft(role: "guard", on: condo)])
            let (_, member) = try await fixture.person("member@example.com")
            let other = Scope("company", IdentityFixture.otherCompany)
            let (_, stranger) = try await fixture.person("other@example.com", [GrantDraft(role: "director", on: other)])
            let grant = try await fixture.module.grants.live(of: id)[0].id
            for row in Self.rows {
                let path = row.path.replacing("{id}", with: id.description).replacing("{grant}", with: grant.description)
                let callers = [("guest", nil), ("member", member), ("stranger", stranger), ("reader", reader)]
                for ((who, token), status) in zip(callers, row.statuses) {
                    let answer = try await fixture.server.send(row.method, "/api/v1" + path, token: token, body: row.body)
                    #expect(answer.status == status, "\(row.method) \(row.path) as \(who): \(answer.text)")
                }
            }
        }
    }

    @Test func `every operation of the module has a row or is open to everybody`() async throws {
        try await withIdentity { fixture in
            let tested = Set(Self.rows.map { "\($0.method) /api/v1\($0.path.replacing("{grant}", with: "{grantId}"))" })
            let closed = fixture.module.operations.filter { $0.access != .anyone }
                .map { "\($0.method.name) \($0.path.text)" }
            let exempt: Set = [
                // Their own tests begin with guest and stranger.
                "POST /api/v1/webhooks/clerk", "POST /api/v1/users", "POST /api/v1/users/{id}/grants", "DELETE /api/v1/users/me/sign-ins/{id}",
            ]
            #expect(Set(closed).subtracting(tested).subtracting(exempt).isEmpty)
        }
    }
}
