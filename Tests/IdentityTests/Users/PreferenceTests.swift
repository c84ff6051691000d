import JSON
import Jobs
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

/// What somebody wants of applications, and how he is greeted.
@Suite struct PreferenceTests {
    private static let path = "/api/v1/users/me/preferences"

    @Test func whatIsNamedChangesAndTheRestStays() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("ann@example.com")
            let (_, other) = try await fixture.person("bob@example.com")
            func patch(_ body: JSONValue, _ token: String) async throws -> TestAnswer {
                try await fixture.server.send("PATCH", Self.path, token: token, body: body)
            }
            let empty = try await fixture.server.send("GET", Self.path, token: token)
            #expect(empty.status == 200 && empty.data["theme"] == .null, "\(empty.text)")
            let first = try await patch(["theme": "dark", "pageSize": 50, "currency": "EUR"], token)
            #expect(first.status == 200 && first.data["theme"] == "dark" && first.data["pageSize"] == 50)
            let second = try await patch(["theme": nil, "firstWeekday": 7], token)
            #expect(second.data["theme"] == .null && second.data["pageSize"] == 50 && second.data["firstWeekday"] == 7)
            let kept = try await fixture.server.send("GET", Self.path, token: token)
            #expect(kept.data == second.data)
            let foreign = try await fixture.server.send("GET", Self.path, token: other)
            #expect(foreign.data["pageSize"] == .null)
            let bad: [(JSONValue, String)] = [
                (["theme": "pink"], "theme"), (["pageSize": 0], "pageSize"), (["firstWeekday": 8], "firstWeekday"),
                (["currency": "euro"], "currency"), (["wallpaper": "x"], "wallpaper"),
            ]
            for (body, field) in bad {
                let answer = try await patch(body, token)
                #expect(answer.status == 422 && answer.refusedFields == [field], "\(answer.text)")
            }
        }
    }

    @Test func whoeverMadeAnAccountIsGreetedOnceItsAddressIsHis() async throws {
        try await withIdentity { fixture in
            let body: JSONValue = [
                "email": "new@example.com", "password": .string(IdentityFixture.password), "firstName": "Nina", "acceptTerms": true,
            ]
            let made = try await fixture.server.send("POST", "/api/v1/auth/register", body: body)
            let id = ID<User>(try #require(made.data["user"]?["id"]?.string.flatMap { UUID($0) }, "\(made.text)"))
            let welcome = try #require(fixture.module.welcome)
            let outbox = Outbox(database: fixture.server.database, log: .silent)
            while try await outbox.dispatch(to: [welcome.handler]) > 0 {}
            #expect(try await fixture.count("select count(*) from jobs.jobs where name = 'send-welcome-email'") == 1)
            await #expect(throws: JobVerdict.self) { try await welcome.carryOut(id) }
            let greetings: SQL = "select count(*) from notifications.notifications where template_key = 'welcome' and type = 'email'"
            #expect(try await fixture.count(greetings) == 0)
            let letter = try #require(fixture.mailbox.last("email_confirmation", to: "new@example.com")?.token)
            let proof = try await fixture.server.send("POST", "/api/v1/email-verification/verify", body: ["token": .string(letter)])
            #expect(proof.status == 200, "\(proof.text)")
            for _ in 0..<2 { try await welcome.carryOut(id) }
            #expect(try await fixture.count(greetings) == 1)
            // Nobody is greeted whose address was never proved, nor who is gone.
            let other = try await fixture.server.send(
                "POST", "/api/v1/auth/register",
                body: [
                    "email": "late@example.com", "password": .string(IdentityFixture.password), "firstName": "L", "acceptTerms": true,
                ])
            let late = ID<User>(try #require(other.data["user"]?["id"]?.string.flatMap { UUID($0) }))
            fixture.server.clock.advance(by: .hours(25))
            try await welcome.carryOut(late)
            try await welcome.carryOut(.new())
            #expect(try await fixture.count(greetings) == 1)
        }
    }
}
