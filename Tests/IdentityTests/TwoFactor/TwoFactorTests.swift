import Crypto
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity
@testable import Notifications

/// Second proofs: chosen, asked for, used once, turned off.
@Suite struct TwoFactorTests {
    private static let path = "/api/v1/users/me/two-factor"
    private static let email = "ann@example.com"

    private func post(
        _ fixture: IdentityFixture, _ path: String, _ body: JSONValue, token: String? = nil, from address: String = "192.0.2.1"
    ) async throws -> TestAnswer {
        try await fixture.server.send("POST", path, token: token, fields: ["X-Forwarded-For": address], body: body)
    }

    /// The account's authenticator, as whoever scanned the picture has it.
    private func authenticator(_ fixture: IdentityFixture, _ id: ID<User>) async throws -> TOTP {
        let sealed = try #require(try await fixture.server.database.first(TwoFactorQueries.secret(of: id)) ?? nil)
        let secret = try fixture.module.options.ring.open(Sealed(bytes: sealed), context: "identity.users.totp_secret|\(id)")
        return TOTP(secret: secret)
    }

    private func code(_ totp: TOTP, _ fixture: IdentityFixture) -> JSONValue {
        .string(totp.code(fixture.module.clock.now().secondsSince1970 / 30))
    }

    private func wrong(_ code: JSONValue) -> JSONValue { code == "000000" ? "000001" : "000000" }

    /// The code of the newest mail to the person.
    private func mailed(_ fixture: IdentityFixture) async throws -> JSONValue {
        let database = fixture.server.database
        let newest = Statement<ID<Notification>>(
            "select id from notifications.notifications where recipient = \(Self.email) and type = 'email' order by id desc limit 1")
        let record = try await database.one(NotificationQueries.one(try await database.one(newest)))
        return .string(try #require(try Notifications.sandbox(database, .system).secret(of: record)))
    }

    /// Somebody whose account asks for the codes of an authenticator.
    private func guarded(_ fixture: IdentityFixture) async throws -> (id: ID<User>, token: String, totp: TOTP) {
        let (id, token) = try await fixture.person(Self.email)
        let offer = try await post(fixture, Self.path, ["method": "totp"], token: token)
        let totp = try await authenticator(fixture, id)
        #expect(offer.status == 201 && offer.data["secret"] == .string(totp.text))
        #expect(offer.data["otpauthUrl"]?.string?.hasPrefix("otpauth://totp/atrium.example:ann%40example.com?secret=\(totp.text)&") == true)
        let on = try await post(fixture, Self.path + "/confirm", ["code": code(totp, fixture)], token: token)
        #expect(on.status == 200 && on.data["twoFactor"] == "totp")
        fixture.server.clock.advance(by: .seconds(60))
        return (id, token, totp)
    }

    @Test func nothingIsAskedForBeforeItIsConfirmed() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person(Self.email)
            _ = try await post(fixture, Self.path, ["method": "totp"], token: token)
            let early = try await authenticator(fixture, id)
            let again = try await post(fixture, Self.path, ["method": "totp"], token: token)
            #expect(again.status == 201)
            #expect(try await fixture.signIn(Self.email).status == 200)
            let late = code(try await authenticator(fixture, id), fixture)
            let newest = try await authenticator(fixture, id)
            #expect(early.secret != newest.secret, "the newest alone is confirmed")
            let bad = try await post(fixture, Self.path + "/confirm", ["code": wrong(late)], token: token)
            #expect(bad.status == 401 && bad.code == "code_invalid")
            #expect(try await post(fixture, Self.path + "/confirm", ["code": late], token: token).status == 200)
            #expect(try await post(fixture, Self.path, ["method": "email"], token: token).code == "two_factor_on")
            #expect(try await post(fixture, Self.path, ["method": "pager"], token: token).status == 422)
            #expect(try await fixture.count("select count(*) from identity.audit_logs where action = 'two_factor_on'") == 1)
        }
    }

    @Test func aSignInLacksItsSecondProofAndGoesOn() async throws {
        try await withIdentity { fixture in
            let (_, _, totp) = try await guarded(fixture)
            #expect(try await fixture.signIn(Self.email, "Wrong7Horse").code == "invalid_credentials")
            let half = try await fixture.signIn(Self.email)
            #expect(half.status == 401 && half.code == "two_factor_required" && half.json["method"] == "totp")
            let challenge = try #require(half.json["challengeId"])
            let right = code(totp, fixture)
            let bad = try await post(fixture, "/api/v1/auth/two-factor", ["challengeId": challenge, "code": wrong(right)])
            #expect(bad.status == 401 && bad.code == "code_invalid")
            let body: JSONValue = ["challengeId": challenge, "code": right]
            let whole = try await post(fixture, "/api/v1/auth/two-factor", body)
            #expect(whole.status == 200 && whole.data["refreshToken"]?.string != nil, "\(whole.text)")
            // No code works twice.
            #expect(try await post(fixture, "/api/v1/auth/two-factor", body).code == "code_invalid")
            fixture.server.clock.advance(by: .seconds(30))
            let atOnce = try await post(
                fixture, "/api/v1/auth/login",
                ["email": .string(Self.email), "password": .string(IdentityFixture.password), "twoFactorCode": code(totp, fixture)])
            #expect(atOnce.status == 200)
        }
    }

    @Test func ofTenWithOneCodeOneSignsIn() async throws {
        try await withIdentity { fixture in
            let (_, _, totp) = try await guarded(fixture)
            let challenge = try #require(try await fixture.signIn(Self.email).json["challengeId"])
            let body: JSONValue = ["challengeId": challenge, "code": code(totp, fixture)]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10 {
                    group.addTask { try await post(fixture, "/api/v1/auth/two-factor", body, from: "192.0.2.\(number + 1)").status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 401 }.count == 9)
        }
    }

    @Test func guessesAreCountedLikePasswords() async throws {
        try await withIdentity { fixture in
            let (_, _, totp) = try await guarded(fixture)
            let challenge = try #require(try await fixture.signIn(Self.email).json["challengeId"])
            let right = code(totp, fixture)
            for _ in 0..<5 {
                _ = try await post(fixture, "/api/v1/auth/two-factor", ["challengeId": challenge, "code": wrong(right)])
            }
            let locked = try await post(fixture, "/api/v1/auth/two-factor", ["challengeId": challenge, "code": right])
            #expect(locked.status == 429 && locked.code == "too_many_attempts")
        }
    }

    @Test func aChallengeIsOfItsAccountAsItWas() async throws {
        try await withIdentity { fixture in
            let (id, _, totp) = try await guarded(fixture)
            let challenge = try #require(try await fixture.signIn(Self.email).json["challengeId"]?.string)
            func goOn(_ text: String) async throws -> TestAnswer {
                try await post(fixture, "/api/v1/auth/two-factor", ["challengeId": .string(text), "code": code(totp, fixture)])
            }
            for forged in ["x", challenge + "A", String(challenge.dropLast(4)) + "AAAA", "." + challenge] {
                let answer = try await goOn(forged)
                #expect(answer.status == 401 && answer.code == "code_expired")
            }
            try await fixture.server.database.execute(
                Command("update identity.users set token_version = token_version + 1 where id = \(id)"))
            #expect(try await goOn(challenge).code == "code_expired")
            let other = try #require(try await fixture.signIn(Self.email).json["challengeId"]?.string)
            fixture.server.clock.advance(by: .minutes(10))
            #expect(try await goOn(other).code == "code_expired")
        }
    }

    @Test func codesComeByMail() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person(Self.email)
            let offer = try await post(fixture, Self.path, ["method": "email"], token: token)
            #expect(offer.status == 201 && offer.data["secret"]?.isNull == true && offer.data["expiresIn"] == 600)
            #expect(try await post(fixture, Self.path, ["method": "email"], token: token).code == "code_too_soon")
            let on = try await post(fixture, Self.path + "/confirm", ["code": try await mailed(fixture)], token: token)
            #expect(on.status == 200 && on.data["twoFactor"] == "email")
            fixture.server.clock.advance(by: .seconds(61))
            let half = try await fixture.signIn(Self.email)
            #expect(half.code == "two_factor_required" && half.json["method"] == "email")
            // Another try within the minute: the code that was sent works.
            let challenge = try #require(try await fixture.signIn(Self.email).json["challengeId"])
            let whole = try await post(fixture, "/api/v1/auth/two-factor", ["challengeId": challenge, "code": try await mailed(fixture)])
            #expect(whole.status == 200)
            fixture.server.clock.advance(by: .seconds(61))
            #expect(try await post(fixture, Self.path, ["method": "email"], token: token).status == 201)
            let farewell: JSONValue = ["password": .string(IdentityFixture.password), "code": try await mailed(fixture)]
            #expect(try await fixture.server.send("DELETE", Self.path, token: token, body: farewell).status == 204)
            #expect(try await fixture.signIn(Self.email).status == 200)
        }
    }

    @Test func whoeverSignsInByACodeIsAskedForTheAuthenticatorToo() async throws {
        try await withIdentity { fixture in
            let (_, _, totp) = try await guarded(fixture)
            #expect(try await post(fixture, "/api/v1/auth/codes", ["email": .string(Self.email)]).status == 202)
            let half = try await post(
                fixture, "/api/v1/auth/codes/verify", ["email": .string(Self.email), "code": try await mailed(fixture)])
            #expect(half.status == 401 && half.code == "two_factor_required")
            let challenge = try #require(half.json["challengeId"])
            let whole = try await post(fixture, "/api/v1/auth/two-factor", ["challengeId": challenge, "code": code(totp, fixture)])
            #expect(whole.status == 200)
        }
    }

    @Test func theStaffsSignInIsAskedToo() async throws {
        try await withIdentity { fixture in
            let token = try await fixture.administrator()
            let root = try #require(try await fixture.module.users.find(email: EmailAddress(IdentityFixture.administrator)!))
            _ = try await post(fixture, Self.path, ["method": "totp"], token: token)
            let totp = try await authenticator(fixture, root.id)
            #expect(try await post(fixture, Self.path + "/confirm", ["code": code(totp, fixture)], token: token).status == 200)
            fixture.server.clock.advance(by: .seconds(30))
            let body: JSONValue = ["email": .string(IdentityFixture.administrator), "password": "Admin@123"]
            let half = try await post(fixture, "/api/v1/auth/admin/login", body)
            #expect(half.code == "two_factor_required")
            let whole = try await post(
                fixture, "/api/v1/auth/two-factor",
                ["challengeId": half.json["challengeId"] ?? .null, "code": code(totp, fixture)])
            #expect(whole.status == 200 && whole.data["user"]?["roles"]?.array?.isEmpty == false)
        }
    }

    @Test func itIsTurnedOffByPasswordAndCode() async throws {
        try await withIdentity { fixture in
            let (id, token, totp) = try await guarded(fixture)
            func end(_ password: String, _ code: JSONValue) async throws -> TestAnswer {
                try await fixture.server.send("DELETE", Self.path, token: token, body: ["password": .string(password), "code": code])
            }
            let right = code(totp, fixture)
            #expect(try await end("Wrong7Horse", right).code == "wrong_password")
            #expect(try await end(IdentityFixture.password, wrong(right)).code == "code_invalid")
            #expect(try await end(IdentityFixture.password, right).status == 204)
            #expect(try await end(IdentityFixture.password, right).code == "two_factor_off")
            #expect(try await fixture.signIn(Self.email).status == 200)
            #expect(try await fixture.server.database.first(TwoFactorQueries.secret(of: id)) == .some(nil))
        }
    }

    @Test func aSecretLiesSealed() async throws {
        try await withIdentity { fixture in
            let (id, _, totp) = try await guarded(fixture)
            let sealed = try #require(try await fixture.server.database.first(TwoFactorQueries.secret(of: id)) ?? nil)
            #expect(sealed.count > 20 && !sealed.starts(with: totp.secret))
            #expect(!sealed.indices.dropLast(19).contains { Array(sealed[$0..<$0 + 20]) == totp.secret })
        }
    }
}
