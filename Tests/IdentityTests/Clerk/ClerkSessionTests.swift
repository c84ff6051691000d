import Crypto
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Identity

/// Session tokens of Clerk as bearer tokens.
@Suite struct ClerkSessionTests {
    private static let subject = "user_2abcDEF"
    private static let me = "/api/v1/users/me"

    @Test func aStrangerBecomesAnAccountAndIsKnownAgain() async throws {
        try await withClerk { fixture, clerk in
            clerk.person(Self.subject, email: "Nina@Example.com", phone: "+79161234567")
            let first = try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now))
            #expect(first.status == 200, "\(first.text)")
            let user = first.data
            #expect(user["firstName"] == "Нина" && user["lastName"] == "Ким" && user["locale"] == "de")
            #expect(user["email"] == "nina@example.com" && user["emailVerified"] == true && user["phone"] == "+79161234567")
            #expect(user["source"] == "clerk" && user["status"] == "active" && user["roles"] == [] && user["permissions"] == [])
            fixture.server.clock.advance(by: .minutes(5))
            let again = try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now))
            #expect(again.data["id"] == user["id"])
            #expect(clerk.state.withLock { $0.peopleAsked } == 1)
            #expect(try await fixture.count("select count(*) from identity.audit_logs where action = 'user_registered' and actor_kind = 'provider'") == 1)
            // What a claim says of roles opens nothing.
            let staff = try await fixture.server.send(
                "GET", "/api/v1/admin/users", token: clerk.token(Self.subject, at: fixture.now))
            #expect(staff.status == 403)
        }
    }

    /// 0-platform, section 8, scenario 10.
    @Test func twentyFirstRequestsMakeOneAccount() async throws {
        try await withClerk { fixture, clerk in
            clerk.person(Self.subject, email: "nina@example.com")
            let token = clerk.token(Self.subject, at: fixture.now)
            let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<20 { group.addTask { try await fixture.server.send("GET", Self.me, token: token) } }
                return try await group.reduce(into: [TestAnswer]()) { $0.append($1) }
            }
            #expect(answers.map(\.status) == Array(repeating: 200, count: 20))
            #expect(Set(answers.map { $0.data["id"]?.string }).count == 1)
            #expect(try await fixture.count("select count(*) from identity.users where source = 'clerk'") == 1)
        }
    }

    @Test func whatIsNotThisInstancesProvesNobody() async throws {
        try await withClerk { fixture, clerk in
            clerk.person(Self.subject)
            let now = fixture.now
            func number(_ seconds: Int64) -> JSONValue { .number("\(now.secondsSince1970 + seconds)") }
            let good = clerk.token(Self.subject, at: now)
            var bad: [(String, String)] = [
                ("another issuer", clerk.token(Self.subject, at: now) { $0["iss"] = "https://other.clerk.example" }),
                ("another application", clerk.token(Self.subject, at: now) { $0["azp"] = "https://evil.example" }),
                ("no application", clerk.token(Self.subject, at: now) { $0["azp"] = nil }),
                ("no session", clerk.token(Self.subject, at: now) { $0["sid"] = nil }),
                ("an unfinished session", clerk.token(Self.subject, at: now) { $0["sts"] = "pending" }),
                ("no person", clerk.token("org_1", at: now)),
                ("a path", clerk.token("user_1/../x", at: now)),
                ("over", clerk.token(Self.subject, at: now) { $0["exp"] = number(-6) }),
                ("of a time to come", clerk.token(Self.subject, at: now) { $0["nbf"] = number(30) }),
                ("made later", clerk.token(Self.subject, at: now) { $0["iat"] = number(30) }),
                ("without an end", clerk.token(Self.subject, at: now) { $0["exp"] = nil }),
                ("another algorithm", clerk.token(Self.subject, at: now, head: ["alg": "RS512", "kid": "ins_1"])),
                ("no algorithm", clerk.token(Self.subject, at: now, head: ["alg": "none", "kid": "ins_1"])),
                ("no key", clerk.token(Self.subject, at: now, head: ["alg": "RS256"])),
                ("an unknown key", clerk.token(Self.subject, at: now, head: ["alg": "RS256", "kid": "ins_9"])),
                ("demands", clerk.token(Self.subject, at: now, head: ["alg": "RS256", "kid": "ins_1", "crit": ["x"]])),
                ("another signature", good.split(separator: ".").dropLast().joined(separator: ".") + "." + Base64.encodeURL(Array(repeating: 7, count: 256))),
            ]
            let parts = good.split(separator: ".").map(String.init)
            let other = clerk.token("user_other", at: now).split(separator: ".").map(String.init)
            bad.append(("another payload", [parts[0], other[1], parts[2]].joined(separator: ".")))
            for (name, token) in bad {
                let answer = try await fixture.server.send("GET", Self.me, token: token)
                #expect(answer.status == 401 && answer.code == "unauthorized", "\(name): \(answer.text)")
            }
            #expect(try await fixture.count("select count(*) from identity.identities") == 0)
            // Clocks may differ by five seconds.
            let late = clerk.token(Self.subject, at: now) { $0["exp"] = number(-2) }
            #expect(try await fixture.server.send("GET", Self.me, token: late).status == 200)
        }
    }

    @Test func withoutAListAnyApplicationOfTheInstanceDoes() async throws {
        try await withClerk(["CLERK_AUTHORIZED_PARTIES": ""]) { fixture, clerk in
            clerk.person(Self.subject)
            let token = clerk.token(Self.subject, at: fixture.now) { $0["azp"] = nil }
            let answer = try await fixture.server.send("GET", Self.me, token: token)
            #expect(answer.status == 200)
        }
    }

    @Test func keysAreAskedForOnceAnHourAndOnceAMinuteForUnknownOnes() async throws {
        try await withClerk { fixture, clerk in
            clerk.person(Self.subject)
            func status(_ key: String = "ins_1") async throws -> Int {
                try await fixture.server.send(
                    "GET", Self.me, token: clerk.token(Self.subject, at: fixture.now, head: ["alg": "RS256", "kid": .string(key)])
                ).status
            }
            func expect(_ expected: Int, _ key: String = "ins_1", asked: Int, _ what: Comment) async throws {
                let answered = try await status(key)
                #expect(answered == expected && clerk.state.withLock { $0.keysAsked } == asked, what)
            }
            try await expect(200, asked: 1, "the first")
            for _ in 0..<3 { try await expect(401, "ins_2", asked: 1, "asked a moment ago") }
            clerk.state.withLock { $0.keys = ["ins_1", "ins_2"] }
            fixture.server.clock.advance(by: .seconds(61))
            try await expect(200, "ins_2", asked: 2, "a new one")
            fixture.server.clock.advance(by: .minutes(59))
            try await expect(200, asked: 2, "within the hour")
            clerk.state.withLock { $0.keys = ["ins_2"] }
            fixture.server.clock.advance(by: .minutes(2))
            try await expect(401, asked: 3, "withdrawn")
        }
    }

    @Test func whileClerkIsAwayItsKeysHoldForADay() async throws {
        try await withClerk { fixture, clerk in
            clerk.person(Self.subject)
            func answer() async throws -> TestAnswer {
                try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now))
            }
            clerk.state.withLock { $0.isDown = true }
            let early = try await answer()
            #expect(early.status == 503 && early.code == "identity_unavailable" && early.field("retry-after") != nil)
            clerk.state.withLock { $0.isDown = false }
            fixture.server.clock.advance(by: .seconds(61))
            #expect(try await answer().status == 200)
            clerk.state.withLock { $0.isDown = true }
            fixture.server.clock.advance(by: .hours(23))
            #expect(try await answer().status == 200)
            fixture.server.clock.advance(by: .hours(2))
            #expect(try await answer().status == 503)
            // Others are not concerned.
            let (_, token) = try await fixture.person("ann@example.com")
            #expect(try await fixture.server.send("GET", Self.me, token: token).status == 200)
        }
    }

    @Test func somebodyNewWaitsForClerkAndNobodyIsMadeUp() async throws {
        try await withClerk { fixture, clerk in
            let unknown = try await fixture.server.send("GET", Self.me, token: clerk.token("user_nobody", at: fixture.now))
            #expect(unknown.status == 401)
            clerk.state.withLock { $0.isDown = true }
            let later = try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now))
            #expect(later.status == 503 && later.code == "identity_unavailable")
            #expect(try await fixture.count("select count(*) from identity.identities") == 0)
        }
    }

    @Test func withoutTheRightToAskAnAccountHasNoName() async throws {
        try await withClerk(["CLERK_SECRET_KEY": ""]) { fixture, clerk in
            let answer = try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now))
            #expect(answer.status == 200 && answer.data["firstName"] == "" && answer.data["email"]?.isNull ?? true)
            #expect(clerk.state.withLock { $0.peopleAsked } == 0)
        }
    }

    @Test func oneProvedAddressIsOnePerson() async throws {
        try await withClerk { fixture, clerk in
            let (ann, _) = try await fixture.person("ann@example.com")
            clerk.person(Self.subject, email: "ann@example.com")
            let linked = try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now))
            #expect(linked.data["id"] == .string(ann.description) && linked.data["source"] == "test")
            // Not for those who act for others, nor who ask for a second proof, nor who merely named the address.
            try await fixture.person("dir@example.com", [GrantDraft(role: "director", on: Scope("company", IdentityFixture.company))])
            let (two, _) = try await fixture.person("two@example.com")
            try await fixture.server.database.execute(Command("update identity.users set two_factor = 'email' where id = \(two)"))
            let (claimed, _) = try await fixture.person("claimed@example.com")
            try await fixture.server.database.execute(
                Command("update identity.users set email_verified_at = null where id = \(claimed)"))
            for (index, email) in ["dir@example.com", "two@example.com", "claimed@example.com", "unproved@example.com"].enumerated() {
                let subject = "user_other\(index)"
                clerk.person(subject, email: email, isProved: index < 3)
                let answer = try await fixture.server.send("GET", Self.me, token: clerk.token(subject, at: fixture.now))
                #expect(answer.status == 200 && answer.data["source"] == "clerk", "\(email): \(answer.text)")
                #expect(answer.data["email"]?.isNull ?? true, "\(email)")
            }
        }
    }

    @Test func whereNobodyMayRegisterStrangersStayStrangers() async throws {
        try await withClerk(adjust: { $0.isRegistrationOpen = { false } }) { fixture, clerk in
            clerk.person(Self.subject, email: "nina@example.com")
            #expect(try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now)).status == 401)
            // Whoever has an account is no stranger.
            try await fixture.person("nina@example.com")
            #expect(try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now)).status == 200)
        }
    }

    @Test func whatEndsAnAccountActsAtOnce() async throws {
        try await withClerk { fixture, clerk in
            clerk.person(Self.subject)
            let token = clerk.token(Self.subject, at: fixture.now)
            let id = try #require(try await fixture.server.send("GET", Self.me, token: token).data["id"]?.string)
            let admin = try await fixture.administrator()
            let path = "/api/v1/admin/users/\(id)"
            let reason: JSONValue = ["reason": "tests"]
            #expect(try await fixture.server.send("POST", path + "/suspend", token: admin, body: reason).status == 200)
            #expect(try await fixture.server.send("GET", Self.me, token: token).status == 401)
            #expect(try await fixture.server.send("POST", path + "/reactivate", token: admin, body: [:]).status == 200)
            #expect(try await fixture.server.send("GET", Self.me, token: token).status == 200)
            // Erased, the same token makes no second account; what is made later does.
            #expect(try await fixture.server.send("DELETE", Self.me, token: token, body: [:]).status == 204)
            #expect(try await fixture.server.send("GET", Self.me, token: token).status == 401)
            fixture.server.clock.advance(by: .seconds(30))
            let anew = try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now))
            #expect(anew.status == 200 && anew.data["id"]?.string != id)
        }
    }

    @Test func onlyWhereOneProofIsEnough() async throws {
        try await withClerk { fixture, clerk in
            clerk.person(Self.subject)
            func status() async throws -> Int {
                try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now)).status
            }
            #expect(try await status() == 200)
            let database = fixture.server.database
            try await database.execute(Command("update identity.users set two_factor = 'email' where source = 'clerk'"))
            // Another token: a loop keeps for a while who came with the first.
            fixture.server.clock.advance(by: .seconds(1))
            #expect(try await status() == 401)
        }
        let office: @Sendable (inout IdentityOptions) -> Void = { $0.staffNetworks = [Network("10.0.0.0/8")!] }
        try await withClerk(adjust: office) { fixture, clerk in
            clerk.person(Self.subject)
            let token = clerk.token(Self.subject, at: fixture.now)
            let id = try #require(try await fixture.server.send("GET", Self.me, token: token).data["id"]?.string)
            try await fixture.module.grants.give("support", on: .platform, to: ID(UUID(id)!), by: .system)
            #expect(try await fixture.server.send("GET", Self.me, token: clerk.token(Self.subject, at: fixture.now)).status == 401)
        }
    }
}

extension IdentityFixture {
    var now: Instant { module.clock.now() }
}

/// Runs `body` with Identity that takes the tokens of an emulated instance.
func withClerk(
    _ more: [String: String] = [:], adjust: @escaping @Sendable (inout IdentityOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (IdentityFixture, ClerkEmulator) async throws -> Void
) async throws {
    let clerk = try await ClerkEmulator()
    let settings = try clerk.settings(more)
    try await withIdentity(adjust: adjust, clerk: { ClerkService(settings, through: $0) }) { fixture in
        try await body(fixture, clerk)
    }
}
