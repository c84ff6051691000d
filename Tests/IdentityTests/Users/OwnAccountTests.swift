import Synchronization
import Service
import JSON
import Support
import Testing
import Values

@testable import Identity

@Suite struct OwnAccountTests {
    @Test func `a person changes what is his to change`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            let changed = try await fixture.server.send(
                "PATCH", "/api/v1/users/me", token: token,
                body: ["firstName": "  Анна ", "timeZone": "Europe/Sofia", "birthOn": "1990-02-28", "middleName": nil])
            #expect(changed.status == 200)
            #expect(changed.data["firstName"]?.string == "Анна" && changed.data["lastName"]?.string == "Lee")
            for (body, field) in [
                (["email": "x@example.com"], "email"), (["status": "banned"], "status"), (["firstName": ""], "firstName"),
                (["locale": "xx"], "locale"), (["birthOn": "1899-12-31"], "birthOn"), (["timeZone": "../etc"], "timeZone"),
                (["timeZone": "Mars/Olympus"], "timeZone"), (["birthOn": "2999-01-01"], "birthOn"),
            ] as [(JSONValue, String)] {
                let refused = try await fixture.server.send("PATCH", "/api/v1/users/me", token: token, body: body)
                #expect(refused.status == 422 && refused.refusedFields == [field])
            }
        }
    }

    @Test func `a new password ends the other sign-ins and is told by mail`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            let other = try await fixture.token("a@example.com")
            let path = "/api/v1/users/me/password"
            let wrong = try await fixture.server.send(
                "PUT", path, token: token, body: ["currentPassword": "Wrong7Horse", "newPassword": "Better8Horse"])
            #expect(wrong.status == 422 && wrong.code == "wrong_password")
            let weak = try await fixture.server.send(
                "PUT", path, token: token, body: ["currentPassword": "Correct7Horse", "newPassword": "a"])
            #expect(weak.status == 422 && weak.refusedFields.contains("newPassword"))
            let same = try await fixture.server.send(
                "PUT", path, token: token, body: ["currentPassword": "Correct7Horse", "newPassword": "Correct7Horse"])
            #expect(same.status == 422 && same.code == "same_password" && same.refusedFields == ["newPassword"])
            let right = try await fixture.server.send(
                "PUT", path, token: token, body: ["currentPassword": "Correct7Horse", "newPassword": "Better8Horse"])
            #expect(right.status == 204)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 200)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: other).status == 401)
            #expect(try await fixture.signIn("a@example.com").status == 401)
            #expect(try await fixture.signIn("a@example.com", "Better8Horse").status == 200)
            #expect(fixture.mailbox.all("password_changed", to: "a@example.com").count == 1)
        }
    }

    @Test func `guessing the current password locks as signing in does`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            func guess(_ password: JSONValue) async throws -> Int {
                try await fixture.server.send(
                    "PUT", "/api/v1/users/me/password", token: token,
                    body: ["currentPassword": password, "newPassword": "Better8Horse"]).status
            }
            for _ in 0..<5 { #expect(try await guess("Wrong7Horse") == 422) }
            #expect(try await guess("Correct7Horse") == 429)
        }
    }

    @Test func `a reset link works once, for an hour, and ends every sign-in`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            func request(_ email: JSONValue) async throws -> TestAnswer {
                try await fixture.server.send(
                    "POST", "/api/v1/password-reset/request", fields: ["X-Request-Id": "same-request"], body: ["email": email])
            }
            let (known, unknown) = (try await request("a@example.com"), try await request("nobody@example.com"))
            #expect(known.status == 202 && known.text == unknown.text && unknown.status == 202)
            let first = fixture.mailbox.last("password_reset", to: "a@example.com")?.token ?? ""
            _ = try await request("a@example.com")
            let link = fixture.mailbox.last("password_reset", to: "a@example.com")?.token ?? ""
            func valid(_ text: String) async throws -> Bool? {
                try await fixture.server.send("POST", "/api/v1/password-reset/verify", body: ["token": .string(text)])
                    .data["valid"]?.bool
            }
            #expect(try await valid(first) == false)
            #expect(try await valid(link) == true)
            func reset(_ text: String, _ password: JSONValue = "Better8Horse") async throws -> TestAnswer {
                try await fixture.server.send(
                    "POST", "/api/v1/password-reset/reset", body: ["token": .string(text), "newPassword": password])
            }
            #expect(try await reset(first).code == "token_invalid")
            #expect(try await reset(link, "weak").refusedFields.contains("newPassword"))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await reset(link).status } }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(statuses == [200, 422, 422, 422, 422])
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
            #expect(try await fixture.signIn("a@example.com", "Better8Horse").status == 200)
            _ = try await request("a@example.com")
            let late = fixture.mailbox.last("password_reset", to: "a@example.com")?.token ?? ""
            fixture.server.clock.advance(by: .seconds(3_601))
            #expect(try await reset(late).code == "token_invalid")
        }
    }

    @Test func `an address is confirmed by its link`() async throws {
        try await withIdentity { fixture in
            let registered = try await fixture.server.send(
                "POST", "/api/v1/auth/register",
                body: ["email": "a@example.com", "password": "Correct7Horse", "firstName": "A", "acceptTerms": true])
            let token = registered.data["accessToken"]?.string
            let first = fixture.mailbox.last("email_confirmation", to: "a@example.com")?.token ?? ""
            let pending = try await fixture.server.send("GET", "/api/v1/email-verification/status", token: token)
            #expect(pending.data["emailVerified"]?.bool == false)
            #expect(pending.data["pendingEmail"]?.string == "a@example.com")
            let resent = try await fixture.server.send("POST", "/api/v1/email-verification/resend", token: token)
            #expect(resent.status == 202)
            let link = fixture.mailbox.last("email_confirmation", to: "a@example.com")?.token ?? ""
            func confirm(_ text: String) async throws -> TestAnswer {
                try await fixture.server.send("POST", "/api/v1/email-verification/verify", body: ["token": .string(text)])
            }
            #expect(try await confirm(first).code == "token_invalid")
            #expect(try await confirm(link).status == 200)
            #expect(try await confirm(link).status == 422)
            let me = try await fixture.server.send("GET", "/api/v1/users/me", token: token)
            #expect(me.data["status"]?.string == "active" && me.data["emailVerified"]?.bool == true)
        }
    }

    @Test func `an address takes the place of another once it is confirmed`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            try await fixture.person("taken@example.com")
            func ask(_ email: String, _ password: String = IdentityFixture.password) async throws -> TestAnswer {
                try await fixture.server.send(
                    "POST", "/api/v1/users/me/email", token: token,
                    body: ["email": .string(email), "password": .string(password)])
            }
            func follow(_ email: String) async throws -> TestAnswer {
                let link = fixture.mailbox.last("email_confirmation", to: email)?.token ?? ""
                return try await fixture.server.send(
                    "POST", "/api/v1/email-verification/verify", body: ["token": .string(link)])
            }
            #expect(try await ask("b@example.com", "Wrong7Horse").code == "wrong_password")
            let taken = try await ask("taken@example.com")
            #expect(taken.status == 409 && taken.code == "email_taken")
            #expect(try await ask("B@example.com").status == 202)
            let waiting = try await fixture.server.send("GET", "/api/v1/email-verification/status", token: token)
            #expect(waiting.data["email"]?.string == "a@example.com" && waiting.data["emailVerified"]?.bool == true)
            #expect(waiting.data["pendingEmail"]?.string == "b@example.com")
            #expect(try await follow("b@example.com").data["email"]?.string == "b@example.com")
            #expect(try await fixture.signIn("b@example.com").status == 200)
            #expect(try await fixture.signIn("a@example.com").status == 401)
            // Somebody else has confirmed it meanwhile.
            #expect(try await ask("c@example.com").status == 202)
            try await fixture.person("c@example.com")
            let late = try await follow("c@example.com")
            #expect(late.status == 409 && late.code == "email_taken")
            // Whoever has chosen another password finds no address but his own.
            #expect(try await ask("d@example.com").status == 202)
            let changed = try await fixture.server.send(
                "PUT", "/api/v1/users/me/password", token: token,
                body: ["currentPassword": .string(IdentityFixture.password), "newPassword": "Better8Horse"])
            #expect(changed.status == 204)
            #expect(try await follow("d@example.com").code == "token_invalid")
        }
    }

    /// What is not done with yet holds him, whichever module keeps it; then he goes.
    @Test func `nobody goes while something of his is open`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person("a@example.com")
            let (_, other) = try await fixture.person("b@example.com")
            let isOpen = Mutex(true)
            fixture.module.personal.bind(
                fixture.module.personalData + [
                    PersonalData("purse", export: { _ in JSONText(trusted: []) }, vetoes: { user in
                        user == id.uuid && isOpen.withLock { $0 } ? ["wallet_not_empty"] : []
                    })
                ])
            let leave = { (token: String) in
                try await fixture.server.send("DELETE", "/api/v1/users/me", token: token, body: ["password": "Correct7Horse"])
            }
            let held = try await leave(token)
            #expect(held.status == 409 && held.code == "deletion_blocked" && held.json["reasons"] == ["wallet_not_empty"])
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 200, "he is still there")
            #expect(try await fixture.count("select count(*) from api.outbox where event = 'user.deleted'") == 0)
            #expect(try await leave(other).status == 204, "another's purse is no reason")
            isOpen.withLock { $0 = false }
            #expect(try await leave(token).status == 204)
        }
    }

    @Test func `the owner erases his account with his password`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            let gone = try await fixture.server.send(
                "DELETE", "/api/v1/users/me", token: token, body: ["password": "Correct7Horse"])
            #expect(gone.status == 204)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
            let event = try await fixture.count("select count(*) from api.outbox where event = 'user.deleted'")
            #expect(event == 1)
        }
    }
}
