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
