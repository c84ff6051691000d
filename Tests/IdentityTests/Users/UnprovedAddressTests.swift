import JSON
import Service
import Support
import Testing
import Values

@testable import Identity

/// Whoever registers with somebody else's address gets nothing of what is meant for its owner.
@Suite struct UnprovedAddressTests {
    private static let company = Scope("company", IdentityFixture.company)
    private static let address = "dir@example.com"

    /// The ways by which somebody who is named by his address, or picked by it from a list, gets a role.
    enum Gift: CaseIterable { case byProduct, byDirector, byConsole, byID, byProductAndID, byStaff }

    private struct Squatter {
        let id: ID<User>
        let access: String?
        let refresh: String
        let key: String?
    }

    /// Registers with the address, and takes everything that a session may take.
    private func squat(_ fixture: IdentityFixture) async throws -> Squatter {
        let registered = try await fixture.server.send(
            "POST", "/api/v1/auth/register", fields: ["X-Forwarded-For": "192.0.2.1", "User-Agent": "test"],
            body: ["email": .string(Self.address), "password": "Correct7Horse", "firstName": "M", "acceptTerms": true])
        let id = ID<User>(try #require(registered.data["user"]?["id"]?.string.flatMap { UUID($0) }))
        try await fixture.module.grants.give("guard", on: Scope("condo", IdentityFixture.otherCondo), to: id, by: .system)
        let access = registered.data["accessToken"]?.string
        let key = try await fixture.server.send(
            "POST", "/api/v1/api-keys", token: access, body: ["name": "k", "permissions": ["users:read"]])
        #expect(try await fixture.server.send("GET", "/api/v1/users", token: key.data["secret"]?.string).status == 200)
        return Squatter(
            id: id, access: access, refresh: registered.data["refreshToken"]?.string ?? "", key: key.data["secret"]?.string)
    }

    private func give(_ gift: Gift, to id: ID<User>, _ fixture: IdentityFixture) async throws {
        let module = fixture.module
        switch gift {
        case .byProduct:
            let draft = NewUser(email: EmailAddress(Self.address), source: "condominiums")
            try await fixture.server.database.transaction { _ in
                let user = try await module.users.findOrCreate(draft).user
                try await module.grants.give("director", on: Self.company, to: user.id, by: .system)
            }
        case .byDirector:
            let (_, token) = try await fixture.person("boss@example.com", [GrantDraft(role: "director", on: Self.company)])
            let answer = try await fixture.server.send(
                "POST", "/api/v1/users", token: token,
                body: [
                    "email": .string(Self.address), "firstName": "Dir",
                    "grants": [[
                        "role": "director", "scopeType": "company",
                        "scopeId": .string(IdentityFixture.company.description),
                    ]],
                ])
            #expect(answer.status == 201)
        case .byConsole:
            let address = try #require(EmailAddress(Self.address))
            let user = try #require(try await module.users.find(email: address))
            #expect(try await module.giveRole("director", on: Self.company, to: user))
        case .byID:
            let answer = try await fixture.server.send(
                "POST", "/api/v1/users/\(id)/grants", token: try await fixture.administrator(),
                body: [
                    "role": "director", "scopeType": "company",
                    "scopeId": .string(IdentityFixture.company.description),
                ])
            #expect(answer.status == 201, "\(answer.text)")
        case .byProductAndID:
            try await fixture.server.database.transaction { _ in
                let user = try #require(try await module.users.findOwned(id))
                try await module.grants.give("director", on: Self.company, to: user.id, by: .system)
            }
        case .byStaff:
            let answer = try await fixture.server.send(
                "PUT", "/api/v1/admin/users/\(id)", token: try await fixture.administrator(), body: ["role": "support"])
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test(arguments: Gift.allCases)
    func `a role given to an address reaches its owner alone`(gift: Gift) async throws {
        try await withIdentity { fixture in
            let squatter = try await squat(fixture)
            try await give(gift, to: squatter.id, fixture)
            #expect(try await fixture.signIn(Self.address).status == 401)
            for token in [squatter.access, squatter.key] {
                #expect(try await fixture.server.send("GET", "/api/v1/users", token: token).status == 401)
            }
            #expect(try await fixture.refresh(squatter.refresh).status == 401)
            let letters = fixture.mailbox.all("set_password", to: Self.address)
            #expect(letters.count == 1)
            let set = try await fixture.server.send(
                "POST", "/api/v1/password-reset/reset",
                body: ["token": .string(letters.last?.token ?? ""), "newPassword": "Better8Horse"])
            #expect(set.status == 200)
            let owner = try await fixture.signIn(Self.address, "Better8Horse")
            let role = gift == .byStaff ? "support" : "director"
            #expect(owner.data["user"]?["emailVerified"]?.bool == true)
            #expect(owner.data["user"]?["roles"]?.array?.contains { $0["role"]?.string == role } == true)
        }
    }

    /// A request of the squatter that was let in before the gift and goes on after it.
    @Test func `a sign-in that has ended sets no first password`() async throws {
        try await withIdentity { fixture in
            let squatter = try await squat(fixture)
            let family = try await fixture.module.signIns.live(of: squatter.id).first?.id.uuid
            try await give(.byProduct, to: squatter.id, fixture)
            let refusal = await #expect(throws: Problem.self) {
                try await fixture.module.users.changePassword(
                    of: squatter.id, from: nil, to: "Better8Horse", keeping: family,
                    by: Origin(address: "192.0.2.1", client: nil))
            }
            #expect(refusal?.status == 401)
            #expect(try await fixture.signIn(Self.address, "Better8Horse").status == 401)
        }
    }

    @Test(arguments: Gift.allCases)
    func `whoever has proved his address keeps his password and gets no link`(gift: Gift) async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person(Self.address)
            try await give(gift, to: id, fixture)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 200)
            #expect(try await fixture.signIn(Self.address).status == 200)
            #expect(fixture.mailbox.all("set_password", to: Self.address).isEmpty)
        }
    }
}
