import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity
@testable import Notifications

/// Registration by phone: an account once the number is proved, with the password of whoever proved it.
@Suite struct PhoneRegistrationTests {
    private static let phone = "+79161234567"
    private static let registration: JSONValue = [
        "phone": .string(phone), "password": "Correct7Horse", "firstName": "Ann", "lastName": "Lee", "acceptTerms": true,
    ]

    private func post(
        _ fixture: IdentityFixture, _ path: String, _ body: JSONValue, from address: String = "192.0.2.1"
    ) async throws -> TestAnswer {
        try await fixture.server.send("POST", "/api/v1" + path, fields: ["X-Forwarded-For": address], body: body)
    }

    private func verify(_ fixture: IdentityFixture, from address: String = "192.0.2.1") async throws -> TestAnswer {
        let database = fixture.server.database
        let newest = Statement<ID<Notification>>(
            "select id from notifications.notifications where recipient = \(Self.phone) order by id desc limit 1")
        let record = try await database.one(NotificationQueries.one(try await database.one(newest)))
        let code = try #require(try Notifications.sandbox(database, .system).secret(of: record))
        return try await post(fixture, "/auth/codes/verify", ["phone": .string(Self.phone), "code": .string(code)], from: address)
    }

    private func signIn(_ fixture: IdentityFixture, _ password: String = "Correct7Horse") async throws -> TestAnswer {
        try await post(fixture, "/auth/login", ["phone": .string(Self.phone), "password": .string(password)])
    }

    @Test func theNumberIsProvedFirst() async throws {
        try await withIdentity { fixture in
            let asked = try await post(fixture, "/auth/register", Self.registration)
            #expect(asked.status == 202 && asked.data == ["expiresIn": 300, "resendAfter": 60], "\(asked.text)")
            #expect(try await signIn(fixture).status == 401)
            let proved = try await verify(fixture)
            #expect(proved.status == 200 && proved.data["user"]?["status"] == "active", "\(proved.text)")
            #expect(proved.data["user"]?["phoneVerified"] == true && proved.data["user"]?["firstName"] == "Ann")
            #expect(proved.data["user"]?["termsAcceptedAt"]?.string != nil && proved.data["user"]?["roles"] == [])
            #expect(try await signIn(fixture).status == 200)
            fixture.server.clock.advance(by: .seconds(61))
            let taken = try await post(fixture, "/auth/register", Self.registration)
            #expect(taken.status == 409 && taken.code == "phone_taken")
        }
    }

    @Test func withoutAPasswordCodesSignIn() async throws {
        try await withIdentity { fixture in
            let body: JSONValue = ["phone": "8 (916) 123-45-67", "firstName": "Ann", "acceptTerms": true]
            let asked = try await post(fixture, "/auth/register", body)
            #expect(asked.status == 202)
            #expect(try await verify(fixture).status == 200)
            #expect(try await signIn(fixture).status == 401)
        }
    }

    /// Whoever only names a number has chosen no password for its owner.
    @Test func aStrangersPasswordIsNotTheOwners() async throws {
        try await withIdentity { fixture in
            #expect(try await post(fixture, "/auth/register", Self.registration, from: "203.0.113.9").status == 202)
            let owner = try await verify(fixture, from: "192.0.2.1")
            #expect(owner.status == 200)
            #expect(try await signIn(fixture).status == 401)
        }
    }

    @Test func theNextWhoNamesTheNumberTakesItsPlace() async throws {
        try await withIdentity { fixture in
            #expect(try await post(fixture, "/auth/register", Self.registration).status == 202)
            let soon = try await post(fixture, "/auth/register", Self.registration)
            #expect(soon.status == 429 && soon.code == "code_too_soon")
            fixture.server.clock.advance(by: .seconds(61))
            let second: JSONValue = [
                "phone": .string(Self.phone), "password": "Better8Horse", "firstName": "Bob", "acceptTerms": true,
            ]
            #expect(try await post(fixture, "/auth/register", second).status == 202)
            #expect(try await fixture.count("select count(*) from identity.users where phone is not null") == 1)
            #expect(try await verify(fixture).data["user"]?["firstName"] == "Bob")
            #expect(try await signIn(fixture).status == 401)
            #expect(try await signIn(fixture, "Better8Horse").status == 200)
        }
    }

    /// A code that its owner asked for himself makes an account of his own.
    @Test func whoeverSignsInByHisOwnCodeGetsNobodysAccount() async throws {
        try await withIdentity { fixture in
            #expect(try await post(fixture, "/auth/register", Self.registration).status == 202)
            fixture.server.clock.advance(by: .seconds(61))
            #expect(try await post(fixture, "/auth/codes", ["phone": .string(Self.phone)]).status == 202)
            let owner = try await verify(fixture)
            #expect(owner.status == 200 && owner.data["user"]?["firstName"] == "")
            #expect(try await signIn(fixture).status == 401)
        }
    }

    @Test func whatIsNeverProvedGoes() async throws {
        try await withIdentity { fixture in
            #expect(try await post(fixture, "/auth/register", Self.registration).status == 202)
            try await fixture.module.cleanUp()
            #expect(try await fixture.count("select count(*) from identity.users where phone is not null") == 1)
            fixture.server.clock.advance(by: .days(1) + .seconds(1))
            try await fixture.module.cleanUp()
            #expect(try await fixture.count("select count(*) from identity.users where phone is not null") == 0)
        }
    }

    @Test(arguments: [
        (#"{"firstName":"A","acceptTerms":true}"#, ["email", "password"]),
        (#"{"email":"a@example.com","firstName":"A","acceptTerms":true}"#, ["password"]),
        (#"{"email":"a@example.com","phone":"+79161234567","password":"Correct7Horse","firstName":"A","acceptTerms":true}"#, ["phone"]),
        (#"{"phone":"12","firstName":"A","acceptTerms":true}"#, ["phone"]),
        (#"{"phone":"+79161234567","password":"short","firstName":"A","acceptTerms":true}"#, ["password", "password", "password"]),
        (#"{"phone":"+79161234567","firstName":"A","acceptTerms":false}"#, ["acceptTerms"]),
    ])
    func whatWillNotDoIsRefused(_ body: String, _ fields: [String]) async throws {
        try await withIdentity { fixture in
            let answer = try await fixture.server.send(
                "POST", "/api/v1/auth/register", fields: ["Content-Type": "application/json"], raw: Array(body.utf8))
            #expect(answer.status == 422 && answer.refusedFields == fields, "\(answer.text)")
        }
    }
}
