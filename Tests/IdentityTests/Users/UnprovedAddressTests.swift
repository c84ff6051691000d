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
                let user = try await module.users.findOrCreate(draft, by: Caller(principal: nil)).user
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
                let user = try #require(try await module.users.findOwned(id, by: Caller(principal: nil)))
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

    /// The ways by which staff answer for an account whose address is not confirmed.
    enum Word: CaseIterable { case staffPassword, directorPassword, invitedWithPassword, address }

    /// Somebody with such an account, and a token of his.
    private func vouch(_ word: Word, _ fixture: IdentityFixture) async throws -> String {
        let root = try await fixture.administrator()
        let password = "LongEnough1234"
        switch word {
        case .staffPassword, .invitedWithPassword:
            var members: [(String, JSONValue)] = [
                ("email", .string(Self.address)), ("firstName", "F"), ("role", "support"),
            ]
            if word == .staffPassword { members.append(("password", .string(password))) }
            let made = try await fixture.server.send("POST", "/api/v1/admin/users", token: root, body: .object(members))
            let id = try #require(made.data["id"]?.string)
            if word == .invitedWithPassword {
                _ = try await fixture.server.send(
                    "PUT", "/api/v1/admin/users/\(id)/password", token: root, body: ["password": .string(password)])
            }
        case .directorPassword:
            let other = Scope("company", IdentityFixture.otherCompany)
            let (_, token) = try await fixture.person("other@example.com", [GrantDraft(role: "director", on: other)])
            let condo = JSONValue.string(IdentityFixture.otherCondo.description)
            _ = try await fixture.server.send(
                "POST", "/api/v1/users", token: token,
                body: [
                    "email": .string(Self.address), "firstName": "F", "password": .string(password),
                    "grants": [["role": "guard", "scopeType": "condo", "scopeId": condo]],
                ])
        case .address:
            let (id, token) = try await fixture.person("old@example.com")
            _ = try await fixture.server.send(
                "PUT", "/api/v1/admin/users/\(id)", token: root, body: ["email": .string(Self.address)])
            return token
        }
        return try await fixture.token(Self.address, password)
    }

    @Test(arguments: Word.allCases)
    func `who is vouched for by staff loses nothing, and gets nothing before he has confirmed`(word: Word) async throws {
        try await withIdentity { fixture in
            let token = try await vouch(word, fixture)
            let (_, boss) = try await fixture.person("boss@example.com", [GrantDraft(role: "director", on: Self.company)])
            let body: JSONValue = [
                "email": .string(Self.address), "firstName": "Dir",
                "grants": [[
                    "role": "director", "scopeType": "company", "scopeId": .string(IdentityFixture.company.description),
                ]],
            ]
            let refused = try await fixture.server.send("POST", "/api/v1/users", token: boss, body: body)
            #expect(refused.status == 409 && refused.code == "email_unconfirmed", "\(refused.text)")
            let me = try await fixture.server.send("GET", "/api/v1/users/me", token: token)
            #expect(me.status == 200)
            #expect(me.data["roles"]?.array?.contains { $0["role"]?.string == "director" } == false)
            if word == .invitedWithPassword {
                _ = try await fixture.server.send("POST", "/api/v1/email-verification/resend", token: token)
            }
            let confirmed =
                if let link = fixture.mailbox.last("email_confirmation", to: Self.address)?.token {
                    try await fixture.server.send(
                        "POST", "/api/v1/email-verification/verify", body: ["token": .string(link)])
                } else {
                    try await fixture.server.send(
                        "POST", "/api/v1/password-reset/reset",
                        body: [
                            "token": .string(fixture.mailbox.last("invitation", to: Self.address)?.token ?? ""),
                            "newPassword": "Better8Horse",
                        ])
                }
            #expect(confirmed.status == 200, "\(confirmed.text)")
            #expect(try await fixture.server.send("POST", "/api/v1/users", token: boss, body: body).status == 201)
        }
    }

    @Test func `the same role again asks for no confirmation`() async throws {
        try await withIdentity { fixture in
            let token = try await vouch(.staffPassword, fixture)
            let id = try #require(try await fixture.module.users.find(email: EmailAddress(Self.address)!)).id
            for (role, status) in [("support", 200), ("moderator", 409)] {
                let answer = try await fixture.server.send(
                    "PUT", "/api/v1/admin/users/\(id)", token: try await fixture.administrator(),
                    body: ["lastName": "New", "role": .string(role)])
                #expect(answer.status == status, "\(answer.text)")
            }
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 200)
        }
    }

    @Test func `an invitation follows the address that staff correct`() async throws {
        try await withIdentity { fixture in
            let root = try await fixture.administrator()
            let made = try await fixture.server.send(
                "POST", "/api/v1/admin/users", token: root,
                body: ["email": "typo@example.com", "firstName": "F", "role": "support"])
            let id = try #require(made.data["id"]?.string)
            _ = try await fixture.server.send(
                "PUT", "/api/v1/admin/users/\(id)", token: root, body: ["email": .string(Self.address)])
            #expect(fixture.mailbox.all("set_password", to: Self.address).count == 1)
        }
    }

    @Test func `whoever proves his address by a new password leaves no key to whoever registered with it`() async throws {
        try await withIdentity { fixture in
            let squatter = try await squat(fixture)
            _ = try await fixture.server.send(
                "POST", "/api/v1/password-reset/request", body: ["email": .string(Self.address)])
            let link = fixture.mailbox.last("password_reset", to: Self.address)?.token ?? ""
            let reset = try await fixture.server.send(
                "POST", "/api/v1/password-reset/reset", body: ["token": .string(link), "newPassword": "Better8Horse"])
            #expect(reset.status == 200)
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: squatter.key).status == 401)
        }
    }
}
