import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

/// `If-Match` on every object of the module that has a GET of its own (conventions, 2).
@Suite struct MatchingTests {
    private struct Staffed {
        let changes: [MatchedChange]
        let person: ID<User>
        let grant: ID<GrantRecord>
    }

    /// A guard, and the changes that he, his director and the platform's owner make.
    private func staffed(_ fixture: IdentityFixture) async throws -> Staffed {
        let root = try await fixture.administrator()
        let (_, director) = try await fixture.person(
            "director@example.com", [GrantDraft(role: "director", on: Scope("company", IdentityFixture.company))])
        let (id, own) = try await fixture.person(
            "guard@example.com", [GrantDraft(role: "guard", on: Scope("condo", IdentityFixture.condo))])
        let grant = try #require(try await fixture.module.grants.live(of: id).first).id
        return Staffed(
            changes: [
                MatchedChange("/api/v1/users/me", as: own, ["firstName": "One"], ["firstName": "Two"]),
                MatchedChange("/api/v1/users/\(id)", as: director, ["lastName": "One"], ["lastName": "Two"]),
                MatchedChange(
                    "/api/v1/users/\(id)/grants/\(grant)", as: director, ["permissions": ["audit:read"]],
                    ["permissions": ["users:create"]]),
                MatchedChange(
                    "/api/v1/admin/users/\(id)", by: "PUT", as: root, ["department": "hr"], ["lastName": "Three"]),
            ],
            person: id, grant: grant)
    }

    @Test func `what is read is changed on the copy that was read`() async throws {
        try await withIdentity { fixture in
            for change in try await staffed(fixture).changes { try await fixture.server.checkMatching(change) }
        }
    }

    @Test func `what has changed since it was read is not deleted`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let (_, director) = try await fixture.person(
                "director@example.com", [GrantDraft(role: "director", on: Scope("company", IdentityFixture.company))])
            let guarding = GrantDraft(role: "guard", on: Scope("condo", IdentityFixture.condo))
            let (id, _) = try await fixture.person("guard@example.com", [guarding])
            let first = try #require(try await fixture.module.grants.live(of: id).first).id
            func check(
                _ path: String, as token: String, _ change: JSONValue, by method: String = "PATCH",
                sending body: JSONValue? = nil
            ) async throws {
                try await fixture.server.checkDeletion(of: path, as: token, body) {
                    let changed = try await fixture.server.send(method, path, token: token, body: change)
                    #expect(changed.status == 200, "\(path): \(changed.text)")
                }
            }
            try await check("/api/v1/users/\(id)/grants/\(first)", as: director, ["permissions": ["audit:read"]])
            try await fixture.module.grants.give(guarding, to: id, by: .system)
            try await check("/api/v1/users/\(id)", as: director, ["lastName": "One"])
            #expect(try await fixture.module.grants.live(of: id).isEmpty)
            try await check("/api/v1/admin/users/\(id)", as: root, ["department": "hr"], by: "PUT")
            let (_, other) = try await fixture.person("other@example.com")
            let farewell: JSONValue = ["password": .string(IdentityFixture.password)]
            try await check("/api/v1/users/me", as: other, ["firstName": "One"], sending: farewell)
        }
    }

    @Test func `of two changes on one copy one is made`() async throws {
        try await withIdentity { fixture in
            let world = try await staffed(fixture)
            for change in world.changes {
                let row: Statement<Int> =
                    change.path.contains("/grants/")
                    ? Statement("select 1 from identity.grants where id = \(world.grant) for update")
                    : Statement("select 1 from identity.users where id = \(world.person) for update")
                try await fixture.server.raceMatching(change, holding: row)
            }
        }
    }
}
