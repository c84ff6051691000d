import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

/// Who is told of something because of a permission: by a grant on the very scope, and nobody who is gone or denied.
@Suite struct HolderTests {
    @Test func whoHoldsAPermissionOnAScope() async throws {
        try await withIdentity { fixture in
            let company = Scope("company", IdentityFixture.company), condo = Scope("condo", IdentityFixture.condo)
            func person(_ name: String, _ role: String, _ scope: Scope, _ codes: [String] = []) async throws -> UUID {
                try await fixture.person("\(name)@example.com", [GrantDraft(role: role, on: scope, codes: codes)]).id.uuid
            }
            let director = try await person("director", "director", company)
            let extra = try await person("extra", "guard", condo, ["audit:read"])
            _ = try await person("denied", "director", company, ["-audit:read"])
            let gone = try await person("gone", "director", company)
            _ = try await person("elsewhere", "director", Scope("company", IdentityFixture.otherCompany))
            try await fixture.server.database.execute(Command("update identity.users set status = 'banned' where id = \(gone)"))
            let grants = fixture.module.grants
            let onCompany = try await grants.holders(of: "audit:read", by: company)
            #expect(onCompany == [PermissionHolder(id: director, email: "director@example.com")])
            #expect(try await grants.holders(of: "audit:read", by: condo).map(\.id) == [extra])
            let onPlatform = try await grants.holders(of: "audit:read").map(\.email)
            #expect(onPlatform == [IdentityFixture.administrator])
        }
    }
}
