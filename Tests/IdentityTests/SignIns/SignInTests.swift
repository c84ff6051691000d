import JSON
import Service
import Support
import Testing
import Values

@testable import Identity

@Suite struct SignInTests {
    private static let registration: JSONValue = [
        "email": " New.Resident@Example.COM ", "password": "Correct7Horse", "firstName": "Ann", "lastName": "Lee",
        "acceptTerms": true,
    ]

    @Test func `whoever registers is signed in, and is nobody's staff`() async throws {
        try await withIdentity { fixture in
            let answer = try await fixture.server.send("POST", "/api/v1/auth/register", body: Self.registration)
            #expect(answer.status == 201)
            #expect(answer.data["user"]?["email"]?.string == "new.resident@example.com")
            #expect(answer.data["user"]?["status"]?.string == "pending")
            #expect(answer.data["user"]?["roles"]?.array == [] && answer.data["user"]?["permissions"]?.array == [])
            #expect(answer.data["expiresIn"]?.int == 900 && answer.data["refreshExpiresIn"]?.int == 604_800)
            let token = answer.data["accessToken"]?.string
            let me = try await fixture.server.send("GET", "/api/v1/users/me", token: token)
            #expect(me.status == 200 && me.data["name"]?.string == "Ann Lee")
            #expect(fixture.mailbox.all("email_confirmation", to: "new.resident@example.com").count == 1)
            let again = try await fixture.server.send("POST", "/api/v1/auth/register", body: Self.registration)
            #expect(again.status == 409 && again.code == "email_taken")
        }
    }

    @Test func `a registration that will not do is refused member by member`() async throws {
        try await withIdentity { fixture in
            let bad: JSONValue = [
                "email": "nobody", "password": "short", "firstName": "", "acceptTerms": "yes", "role": "super_admin",
            ]
            let answer = try await fixture.server.send("POST", "/api/v1/auth/register", body: bad)
            #expect(answer.status == 422)
            #expect(answer.refusedFields == ["acceptTerms", "email", "firstName", "role"])
            let weak: JSONValue = [
                "email": "a@example.com", "password": "password", "firstName": "A", "acceptTerms": true,
            ]
            let refused = try await fixture.server.send("POST", "/api/v1/auth/register", body: weak)
            #expect(refused.status == 422 && refused.refusedFields == ["password", "password"])
            let unread: JSONValue = [
                "email": "a@example.com", "password": "Correct7Horse", "firstName": "A", "acceptTerms": false,
            ]
            let terms = try await fixture.server.send("POST", "/api/v1/auth/register", body: unread)
            #expect(terms.status == 422 && terms.code == "terms_not_accepted")
        }
    }

    @Test func `registering has a limit of its own`() async throws {
        let policy = Policy(trustedProxies: [Network("127.0.0.1")!])
        try await withIdentity(policy: policy) { fixture in
            func register(from address: String) async throws -> TestAnswer {
                try await fixture.server.send(
                    "POST", "/api/v1/auth/register", fields: ["X-Forwarded-For": address], body: [:])
            }
            for _ in 0..<10 { #expect(try await register(from: "192.0.2.1").status == 422) }
            let refused = try await register(from: "192.0.2.1")
            #expect(refused.status == 429 && refused.field("retry-after") != nil)
            #expect(try await register(from: "192.0.2.2").status == 422)
        }
    }

    @Test func `a closed registration takes nobody`() async throws {
        try await withIdentity(adjust: { $0.isRegistrationOpen = { false } }) { fixture in
            let answer = try await fixture.server.send("POST", "/api/v1/auth/register", body: Self.registration)
            #expect(answer.status == 403 && answer.code == "registration_closed")
        }
    }

    @Test func `two registrations of one address make one account`() async throws {
        try await withIdentity { fixture in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await fixture.server.send("POST", "/api/v1/auth/register", body: Self.registration).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(statuses == [201] + Array(repeating: 409, count: 7))
        }
    }

    @Test func `unknown address, wrong password and missing grant are told apart by nobody`() async throws {
        try await withIdentity { fixture in
            try await fixture.person("member@example.com")
            var texts: Set<String> = []
            for (email, password) in [
                ("nobody@example.com", "Correct7Horse"), ("member@example.com", "Wrong7Horse"),
                ("member@example.com", "Correct7Horse"),
            ] {
                let answer = try await fixture.server.send(
                    "POST", "/api/v1/auth/admin/login", fields: ["X-Request-Id": "same-request"],
                    body: ["email": .string(email), "password": .string(password)])
                #expect(answer.status == 401)
                texts.insert(answer.text)
            }
            #expect(texts.count == 1)
            let staff = try await fixture.server.send(
                "POST", "/api/v1/auth/admin/login",
                body: ["email": .string(IdentityFixture.administrator), "password": "Admin@123"])
            #expect(staff.status == 200 && staff.data["user"]?["mustChangePassword"]?.bool == true)
            #expect(staff.data["user"]?["permissions"] == ["*"])
            #expect(try await fixture.count("select count(*) from identity.audit_logs where action = 'sign_in_failed'") == 3)
        }
    }

    @Test func `staff are admitted from their own networks only`() async throws {
        try await withIdentity(adjust: { $0.staffNetworks = [Network("10.0.0.0/8")!] }) { fixture in
            for (address, status) in [("192.0.2.1", 403), ("10.1.2.3", 200)] {
                let answer = try await fixture.server.send(
                    "POST", "/api/v1/auth/admin/login", fields: ["X-Forwarded-For": address],
                    body: ["email": .string(IdentityFixture.administrator), "password": "Admin@123"])
                #expect(answer.status == status)
            }
        }
    }

    @Test func `an account of the platform's staff opens from those networks only, whatever way it is signed in`() async throws {
        let policy = Policy(rateLimit: nil, trustedProxies: [Network("127.0.0.1")!], adminNetworks: [Network("10.0.0.0/8")!])
        try await withIdentity(adjust: { $0.staffNetworks = [Network("10.0.0.0/8")!] }, policy: policy) { fixture in
            let email = IdentityFixture.administrator
            let far = try await fixture.signIn(email, "Admin@123", from: "192.0.2.1")
            #expect(far.status == 403 && far.code == "network_refused")
            #expect(try await fixture.signIn(email, "Wrong7Horse", from: "192.0.2.1").status == 401)
            let near = try await fixture.signIn(email, "Admin@123", from: "10.1.2.3")
            #expect(near.status == 200)
            let refresh = near.data["refreshToken"]?.string ?? ""
            let carried = try await fixture.refresh(refresh, from: "192.0.2.1")
            #expect(carried.status == 403 && carried.code == "network_refused")
            let next = try await fixture.refresh(refresh, from: "10.1.2.3")
            #expect(next.status == 200)
            for (address, status) in [("192.0.2.1", 403), ("10.1.2.3", 200)] {
                let answer = try await fixture.server.send(
                    "GET", "/api/v1/admin/users", token: next.data["accessToken"]?.string,
                    fields: ["X-Forwarded-For": address])
                #expect(answer.status == status)
            }
            try await fixture.person("member@example.com")
            #expect(try await fixture.signIn("member@example.com").status == 200)
        }
    }

    @Test func `with the house's limit off registering keeps its own`() async throws {
        let policy = Policy(rateLimit: nil, keepsOwnLimits: true, trustedProxies: [Network("127.0.0.1")!])
        try await withIdentity(policy: policy) { fixture in
            var statuses: [Int] = []
            for _ in 0..<11 {
                statuses.append(try await fixture.server.send("POST", "/api/v1/auth/register", body: [:]).status)
            }
            #expect(statuses == Array(repeating: 422, count: 10) + [429])
        }
    }

    @Test func `suspended and banned are told to whoever knows the password`() async throws {
        try await withIdentity { fixture in
            let administrator = try await fixture.administrator()
            for (email, action, code) in [
                ("s@example.com", "suspend", "account_suspended"), ("b@example.com", "ban", "account_banned"),
            ] {
                let (id, token) = try await fixture.person(email)
                let moved = try await fixture.server.send(
                    "POST", "/api/v1/admin/users/\(id)/\(action)", token: administrator, body: ["reason": "fraud"])
                #expect(moved.status == 200)
                #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
                #expect(try await fixture.signIn(email).code == code)
                #expect(try await fixture.signIn(email, "Wrong7Horse").code == "invalid_credentials")
            }
        }
    }

    @Test func `logout ends this sign-in at once, everywhere ends all`() async throws {
        try await withIdentity { fixture in
            let (_, first) = try await fixture.person("a@example.com")
            let second = try await fixture.token("a@example.com")
            let third = try await fixture.token("a@example.com")
            let guest = try await fixture.server.send("POST", "/api/v1/auth/logout", body: [:])
            #expect(guest.status == 200 && guest.data["revoked"]?.int == 0)
            let silent = try await fixture.server.send("POST", "/api/v1/auth/logout")
            #expect(silent.status == 200 && silent.data["revoked"]?.int == 0)
            let one = try await fixture.server.send("POST", "/api/v1/auth/logout", token: first, body: [:])
            #expect(one.data["revoked"]?.int == 1)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: first).status == 401)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: second).status == 200)
            let all = try await fixture.server.send("POST", "/api/v1/auth/logout", token: second, body: ["everywhere": true])
            #expect(all.data["revoked"]?.int == 2)
            for token in [second, third] {
                #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
            }
        }
    }

    @Test func `an eleventh sign-in ends the oldest`() async throws {
        try await withIdentity { fixture in
            let (_, oldest) = try await fixture.person("a@example.com")
            for _ in 0..<9 { _ = try await fixture.token("a@example.com") }
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: oldest).status == 200)
            let newest = try await fixture.token("a@example.com")
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: oldest).status == 401)
            let list = try await fixture.server.send("GET", "/api/v1/users/me/sign-ins", token: newest)
            #expect(list.meta["total"]?.int == 10)
            #expect(list.data.array?.count { $0["isCurrent"]?.bool == true } == 1)
        }
    }

    @Test func `one of the own sign-ins can be ended, another's cannot`() async throws {
        try await withIdentity { fixture in
            let (_, mine) = try await fixture.person("a@example.com")
            let (_, other) = try await fixture.person("b@example.com")
            let list = try await fixture.server.send("GET", "/api/v1/users/me/sign-ins", token: mine)
            let id = list.data[0]?["id"]?.string ?? ""
            #expect(try await fixture.server.send("DELETE", "/api/v1/users/me/sign-ins/\(id)").status == 401)
            #expect(try await fixture.server.send("DELETE", "/api/v1/users/me/sign-ins/\(id)", token: other).status == 404)
            #expect(try await fixture.server.send("DELETE", "/api/v1/users/me/sign-ins/x", token: mine).status == 404)
            #expect(try await fixture.server.send("DELETE", "/api/v1/users/me/sign-ins/\(id)", token: mine).status == 204)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: mine).status == 401)
        }
    }

    @Test func `verify says whose a token is`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person("a@example.com")
            let own = try await fixture.server.send("POST", "/api/v1/auth/verify", token: token, body: [:])
            #expect(own.status == 200 && own.data["valid"]?.bool == true)
            #expect(own.data["user"]?["id"]?.string == id.description)
            let named = try await fixture.server.send("POST", "/api/v1/auth/verify", body: ["token": .string(token)])
            #expect(named.status == 200)
            for body in [[:], ["token": "nonsense"]] as [JSONValue] {
                let answer = try await fixture.server.send("POST", "/api/v1/auth/verify", body: body)
                #expect(answer.status == 401 && answer.code == "token_invalid")
            }
        }
    }
}
