import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity
@testable import Notifications

@Suite struct CodeSignInTests {
    private func post(_ fixture: IdentityFixture, _ path: String, _ body: JSONValue, token: String? = nil) async throws -> TestAnswer {
        try await fixture.server.send("POST", "/api/v1\(path)", token: token, body: body)
    }

    /// The code of the newest message to an address; nil where none went there.
    private func code(_ fixture: IdentityFixture, to address: String) async throws -> String? {
        let database = fixture.server.database
        let newest = Statement<ID<Notification>>(
            "select id from notifications.notifications where recipient = \(address) order by id desc limit 1")
        guard let id = try await database.first(newest), let record = try await database.first(NotificationQueries.one(id)) else {
            return nil
        }
        return try Notifications.sandbox(database, .system).secret(of: record)
    }

    private func wrong(_ code: String) -> JSONValue { code == "000000" ? "000001" : "000000" }

    @Test func anUnknownPhoneBecomesAnAccountAndSignsInAgain() async throws {
        try await withIdentity { fixture in
            let asked = try await post(fixture, "/auth/codes", ["phone": "8 (916) 123-45-67"])
            #expect(asked.status == 202 && asked.data == ["expiresIn": 300, "resendAfter": 60])
            let soon = try await post(fixture, "/auth/codes", ["phone": "+79161234567"])
            #expect(soon.status == 429 && soon.code == "code_too_soon")
            let code = try #require(try await code(fixture, to: "+79161234567"))
            let bad = try await post(fixture, "/auth/codes/verify", ["phone": "+79161234567", "code": wrong(code)])
            #expect(bad.status == 401 && bad.code == "code_invalid")
            let body: JSONValue = ["phone": "+79161234567", "code": .string(code), "firstName": "Anna"]
            let first = try await post(fixture, "/auth/codes/verify", body)
            #expect(first.status == 200 && first.data["user"]?["phoneVerified"] == true && first.data["user"]?["status"] == "active")
            #expect(try await post(fixture, "/auth/codes/verify", body).status == 401)
            fixture.server.clock.advance(by: .seconds(61))
            _ = try await post(fixture, "/auth/codes", ["phone": "+79161234567"])
            let second = try #require(try await self.code(fixture, to: "+79161234567"))
            let again = try await post(fixture, "/auth/codes/verify", ["phone": "+79161234567", "code": .string(second)])
            #expect(again.data["user"]?["id"] == first.data["user"]?["id"])
        }
    }

    /// 0-platform, 3.1: token, or code and e-mail.
    @Test func anAddressIsConfirmedByACode() async throws {
        try await withIdentity { fixture in
            _ = try await post(
                fixture, "/auth/register",
                ["email": "ann@example.com", "password": "Correct7Horse", "firstName": "Ann", "acceptTerms": true])
            _ = try await post(fixture, "/auth/codes", ["email": "ann@example.com"])
            let code = try #require(try await code(fixture, to: "ann@example.com"))
            func confirm(_ code: JSONValue, _ email: JSONValue = "Ann@Example.com") async throws -> TestAnswer {
                try await post(fixture, "/email-verification/verify", ["email": email, "code": code])
            }
            #expect(try await confirm(wrong(code)).code == "code_invalid")
            #expect(try await confirm(.string(code), "bob@example.com").code == "code_invalid")
            let confirmed = try await confirm(.string(code))
            #expect(confirmed.status == 200 && confirmed.data["emailVerified"] == true && confirmed.data["email"] == "ann@example.com")
            #expect(try await confirm(.string(code)).status == 401, "once")
            for (body, fields) in [
                (["email": "ann@example.com"], ["code"]), (["code": "123456"], ["email"]), ([:], ["token"]),
                (["token": "x", "code": "123456"], ["token"]),
            ] as [(JSONValue, [String])] {
                #expect(try await post(fixture, "/email-verification/verify", body).refusedFields == fields, "\(body)")
            }
        }
    }

    /// A token that was found somewhere erases nobody: who has no password is sent a code.
    @Test func whoHasNoPasswordGoesByACode() async throws {
        try await withIdentity { fixture in
            _ = try await post(fixture, "/auth/codes", ["phone": "+79161234567"])
            let first = try #require(try await code(fixture, to: "+79161234567"))
            let signed = try await post(fixture, "/auth/codes/verify", ["phone": "+79161234567", "code": .string(first), "firstName": "Anna"])
            let token = try #require(signed.data["accessToken"]?.string)
            func leave(_ body: JSONValue) async throws -> TestAnswer {
                try await fixture.server.send("DELETE", "/api/v1/users/me", token: token, body: body)
            }
            #expect(try await leave([:]).refusedFields == ["code"])
            #expect(try await leave(["password": "Correct7Horse"]).refusedFields == ["code"])
            fixture.server.clock.advance(by: .seconds(61))
            _ = try await post(fixture, "/auth/codes", ["phone": "+79161234567"])
            let second = try #require(try await code(fixture, to: "+79161234567"))
            #expect(try await leave(["code": wrong(second)]).code == "code_invalid")
            #expect(try await leave(["code": .string(second)]).status == 204)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
        }
    }

    @Test func ownersOfAnAddressTakeItFromWhoeverClaimedIt() async throws {
        try await withIdentity { fixture in
            let claimed = try await post(
                fixture, "/auth/register",
                ["email": "ann@example.com", "password": "Correct7Horse", "firstName": "Mallory", "acceptTerms": true])
            let stolen = try #require(claimed.data["accessToken"]?.string)
            _ = try await post(fixture, "/auth/codes", ["email": "ann@example.com"])
            let code = try #require(try await code(fixture, to: "ann@example.com"))
            let owner = try await post(fixture, "/auth/codes/verify", ["email": "ann@example.com", "code": .string(code)])
            #expect(owner.status == 200 && owner.data["user"]?["emailVerified"] == true)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: stolen).status == 401)
            #expect(try await fixture.signIn("ann@example.com").status == 401)
        }
    }

    /// 0-platform, section 8, scenario 8.
    @Test func oneRightCodeOfTenIsTakenAndThreeWrongOnesLock() async throws {
        try await withIdentity { fixture in
            _ = try await post(fixture, "/auth/codes", ["email": "ann@example.com"])
            let code = try #require(try await code(fixture, to: "ann@example.com"))
            let body: JSONValue = ["email": "ann@example.com", "code": .string(code)]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 { group.addTask { try await post(fixture, "/auth/codes/verify", body).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + Array(repeating: 401, count: 9))
            fixture.server.clock.advance(by: .seconds(61))
            _ = try await post(fixture, "/auth/codes", ["email": "ann@example.com"])
            let next = try #require(try await self.code(fixture, to: "ann@example.com"))
            for _ in 0..<3 {
                let bad = try await post(fixture, "/auth/codes/verify", ["email": "ann@example.com", "code": wrong(next)])
                #expect(bad.status == 401)
            }
            let locked = try await post(fixture, "/auth/codes/verify", ["email": "ann@example.com", "code": .string(next)])
            #expect(locked.status == 429 && locked.code == "code_locked")
        }
    }

    @Test func whereNobodyMayRegisterStrangersGetNoCodeAndNoOtherAnswer() async throws {
        try await withIdentity(adjust: { $0.isRegistrationOpen = { false } }) { fixture in
            try await fixture.person("ann@example.com")
            let known = try await post(fixture, "/auth/codes", ["email": "ann@example.com"])
            let stranger = try await post(fixture, "/auth/codes", ["email": "eve@example.com"])
            #expect(known.status == 202 && known.text == stranger.text)
            #expect(try await code(fixture, to: "ann@example.com") != nil)
            #expect(try await code(fixture, to: "eve@example.com") == nil)
        }
    }

    @Test(arguments: [
        (#"{}"#, "email"), (#"{"email":"a@example.com","phone":"+79161234567"}"#, "phone"), (#"{"phone":"12"}"#, "phone"),
        (#"{"email":"nobody"}"#, "email"), (#"{"email":"a@example.com","code":"123456"}"#, "code"),
    ])
    func whatIsNoAddressIsRefused(_ body: String, _ field: String) async throws {
        try await withIdentity { fixture in
            let answer = try await fixture.server.send("POST", "/api/v1/auth/codes", fields: ["Content-Type": "application/json"], raw: Array(body.utf8))
            #expect(answer.status == 422 && answer.refusedFields.contains(field), "\(answer.text)")
        }
    }

    @Test func onesPhoneIsStoredOnceItIsProved() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("ann@example.com")
            let wish: JSONValue = ["phone": "+79161234567", "password": .string(IdentityFixture.password)]
            #expect(try await post(fixture, "/users/me/phone", wish).status == 401)
            let unproved = try await post(fixture, "/users/me/phone", ["phone": "+79161234567", "password": "wrong"], token: token)
            #expect(unproved.status == 422 && unproved.code == "wrong_password")
            #expect(try await post(fixture, "/users/me/phone/verify", ["code": "123456"], token: token).status == 401)
            #expect(try await post(fixture, "/users/me/phone", wish, token: token).status == 202)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).data["phone"]?.isNull == true)
            let code = try #require(try await code(fixture, to: "+79161234567"))
            let (_, other) = try await fixture.person("bob@example.com")
            #expect(try await post(fixture, "/users/me/phone/verify", ["code": .string(code)], token: other).status == 401)
            let proved = try await post(fixture, "/users/me/phone/verify", ["code": .string(code)], token: token)
            #expect(proved.status == 200 && proved.data["phone"] == "+79161234567" && proved.data["phoneVerified"] == true)
            let taken = try await post(fixture, "/users/me/phone", wish, token: other)
            #expect(taken.status == 409 && taken.code == "phone_taken")
        }
    }
}
