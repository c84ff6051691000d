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

    // MARK: Recovery

    private static let codes = path + "/recovery-codes"

    private func recoveryCodes(
        _ fixture: IdentityFixture, _ token: String, _ proof: JSONValue
    ) async throws -> [JSONValue] {
        let made = try await post(
            fixture, Self.codes, ["password": .string(IdentityFixture.password), "code": proof], token: token)
        #expect(made.status == 201, "\(made.text)")
        fixture.server.clock.advance(by: .seconds(60))
        return made.data["codes"]?.array ?? []
    }

    private func left(_ fixture: IdentityFixture, _ token: String) async throws -> JSONValue? {
        try await fixture.server.send("GET", Self.codes, token: token).data["left"]
    }

    @Test func aRecoveryCodeSignsInOnceInPlaceOfTheSecondProof() async throws {
        try await withIdentity { fixture in
            let (id, token, totp) = try await guarded(fixture)
            #expect(try await left(fixture, token) == 0)
            let codes = try await recoveryCodes(fixture, token, code(totp, fixture))
            #expect(codes.count == 10 && Set(codes.map(\.string)).count == 10)
            #expect(codes.allSatisfy { $0.string?.wholeMatch(of: /[a-z2-7]{5}-[a-z2-7]{5}/) != nil })
            #expect(try await left(fixture, token) == 10)
            // However it is typed, and once; also when ten come at once.
            let challenge = try #require(try await fixture.signIn(Self.email).json["challengeId"])
            let typed = JSONValue.string((codes[0].string ?? "").uppercased().replacing("-", with: " "))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        try await post(
                            fixture, "/api/v1/auth/two-factor", ["challengeId": challenge, "code": typed],
                            from: "192.0.2.\(number + 1)").status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 401 }.count == 9)
            fixture.server.clock.advance(by: .minutes(20))
            let login: JSONValue = [
                "email": .string(Self.email), "password": .string(IdentityFixture.password), "twoFactorCode": codes[1],
            ]
            let whole = try await post(fixture, "/api/v1/auth/login", login)
            #expect(whole.status == 200, "\(whole.text)")
            let fresh = try #require(whole.data["accessToken"]?.string)
            #expect(try await left(fixture, fresh) == 8)
            // New ones make the old void.
            let others = try await recoveryCodes(fixture, fresh, codes[2])
            fixture.server.clock.advance(by: .minutes(10))
            let stale = try await post(
                fixture, "/api/v1/auth/login",
                ["email": .string(Self.email), "password": .string(IdentityFixture.password), "twoFactorCode": codes[3]])
            #expect(stale.status == 401 && stale.code == "code_invalid")
            #expect(try await fixture.count("select count(*) from identity.audit_logs where action = 'recovery_code_used'") == 3)
            let told = try await fixture.count(
                "select count(*) from notifications.notifications where subject like '%резервный код%' and type = 'email'")
            #expect(told == 3)
            // Nothing of them is kept that could be read.
            let stored = try await fixture.count(
                "select count(*) from identity.recovery_codes where user_id = \(id) and octet_length(code_hash) <> 32")
            #expect(stored == 0)
            // They turn it off, too.
            let off = try await fixture.server.send(
                "DELETE", Self.path, token: fresh, body: ["password": .string(IdentityFixture.password), "code": others[0]])
            #expect(off.status == 204)
            #expect(try await fixture.count("select count(*) from identity.recovery_codes") == 0)
        }
    }

    @Test func recoveryCodesAreForWhoeverGivesBothProofs() async throws {
        try await withIdentity { fixture in
            let (_, token, totp) = try await guarded(fixture)
            let (_, other) = try await fixture.person("bob@example.com")
            let right = code(totp, fixture)
            let password = JSONValue.string(IdentityFixture.password)
            #expect(try await post(fixture, Self.codes, ["password": password, "code": right]).status == 401)
            #expect(try await fixture.server.send("GET", Self.codes).status == 401)
            let off = try await post(fixture, Self.codes, ["password": password, "code": "123456"], token: other)
            #expect(off.status == 409 && off.code == "two_factor_off")
            let unknown = try await post(fixture, Self.codes, ["password": "Wrong7Horse", "code": right], token: token)
            #expect(unknown.status == 422 && unknown.code == "wrong_password")
            let bad = try await post(fixture, Self.codes, ["password": password, "code": wrong(right)], token: token)
            #expect(bad.status == 401 && bad.code == "code_invalid")
            let guess = try await post(fixture, Self.codes, ["password": password, "code": "aaaaa-aaaaa"], token: token)
            #expect(guess.status == 401 && guess.code == "code_invalid")
            for form in ["", "12345", "aaaaa-aaaa1", "aaaaa-aaaaaa"] {
                let answer = try await post(fixture, Self.codes, ["password": password, "code": .string(form)], token: token)
                #expect(answer.status == 422 && answer.refusedFields == ["code"], "\(form)")
            }
            // What begins a factor is confirmed by its own code alone.
            let confirm = try await post(fixture, Self.path + "/confirm", ["code": "aaaaa-aaaaa"], token: other)
            #expect(confirm.status == 422)
        }
    }

    @Test func guessesOfRecoveryCodesAreCountedToo() async throws {
        try await withIdentity { fixture in
            _ = try await guarded(fixture)
            let challenge = try #require(try await fixture.signIn(Self.email).json["challengeId"])
            var last = 0
            for _ in 0..<6 {
                last = try await post(
                    fixture, "/api/v1/auth/two-factor", ["challengeId": challenge, "code": "aaaaa-aaaaa"]).status
            }
            #expect(last == 429)
        }
    }

    @Test func staffEndItForWhoeverHasLostEverything() async throws {
        try await withIdentity { fixture in
            let (id, token, totp) = try await guarded(fixture)
            _ = try await recoveryCodes(fixture, token, code(totp, fixture))
            let path = "/api/v1/admin/users/\(id)/two-factor"
            let admin = try await fixture.administrator()
            let (support, supporter) = try await fixture.person("s@example.com", [GrantDraft(role: "support", on: .platform)])
            #expect(try await fixture.server.send("DELETE", path).status == 401)
            #expect(try await fixture.server.send("DELETE", path, token: supporter).status == 403)
            #expect(try await fixture.server.send("DELETE", "/api/v1/admin/users/\(UUID.v7())/two-factor", token: admin).status == 404)
            let nobodys = try await fixture.server.send("DELETE", "/api/v1/admin/users/\(support)/two-factor", token: admin)
            #expect(nobodys.status == 409 && nobodys.code == "two_factor_off")
            let me = try #require(try await fixture.server.send("GET", "/api/v1/users/me", token: admin).data["id"]?.string)
            let own = try await fixture.server.send("DELETE", "/api/v1/admin/users/\(me)/two-factor", token: admin)
            #expect(own.status == 403 && own.code == "own_account")
            #expect(try await fixture.server.send("DELETE", path, token: admin).status == 204)
            #expect(try await fixture.signIn(Self.email).status == 200)
            #expect(try await fixture.count("select count(*) from identity.recovery_codes") == 0)
            let trail = try await fixture.count(
                "select count(*) from identity.audit_logs where action = 'two_factor_reset' and actor_kind = 'staff'")
            #expect(trail == 1)
            // Whoever it was done to hears of it.
            let told = try await fixture.count(
                "select count(*) from notifications.notifications where user_id = \(id) and category = 'security' and type = 'email'")
            #expect(told == 1)
        }
    }
}
