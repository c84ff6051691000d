import JSON
import Support
import Testing
import Values

@testable import Identity

@Suite struct RefreshTests {
    private func newRefreshToken(_ fixture: IdentityFixture) async throws -> String {
        try await fixture.person("a@example.com")
        return try await fixture.signIn("a@example.com").data["refreshToken"]?.string ?? ""
    }

    @Test func `simultaneous exchanges get one successor`() async throws {
        try await withIdentity { fixture in
            let token = try await newRefreshToken(fixture)
            let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<10 { group.addTask { try await fixture.refresh(token) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(Set(answers.compactMap { $0.data["refreshToken"]?.string }).count == 1)
            #expect(try await fixture.count("select count(*) from identity.refresh_tokens where sequence > 0") == 1)
        }
    }

    @Test func `two tabs of somebody who has moved to another network get one successor`() async throws {
        try await withIdentity { fixture in
            let token = try await newRefreshToken(fixture)
            let first = try await fixture.refresh(token, from: "198.51.100.7")
            let second = try await fixture.refresh(token, from: "198.51.100.7")
            #expect(first.status == 200 && second.status == 200)
            #expect(first.data["refreshToken"] == second.data["refreshToken"])
            let next = try await fixture.refresh(first.data["refreshToken"]?.string ?? "", from: "198.51.100.7")
            let list = try await fixture.server.send("GET", "/api/v1/users/me/sign-ins", token: next.data["accessToken"]?.string)
            #expect(list.data[0]?["ip"]?.string == "198.51.100.7")
        }
    }

    @Test func `after eleven seconds the family dies with its newest token`() async throws {
        try await withIdentity { fixture in
            let token = try await newRefreshToken(fixture)
            let first = try await fixture.refresh(token)
            #expect(first.status == 200)
            fixture.server.clock.advance(by: .seconds(9))
            #expect(try await fixture.refresh(token).data["refreshToken"] == first.data["refreshToken"])
            fixture.server.clock.advance(by: .seconds(2))
            let late = try await fixture.refresh(token)
            #expect(late.status == 401 && late.code == "token_invalid")
            #expect(try await fixture.refresh(first.data["refreshToken"]?.string ?? "").status == 401)
            let access = first.data["accessToken"]?.string
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: access).status == 401)
            #expect(try await fixture.count("select count(*) from identity.audit_logs where action = 'refresh_reuse'") == 1)
        }
    }

    @Test(arguments: [("other", "192.0.2.1"), ("test", "198.51.100.7")])
    func `a copy used elsewhere ends the family at once`(client: String, address: String) async throws {
        try await withIdentity { fixture in
            let token = try await newRefreshToken(fixture)
            let first = try await fixture.refresh(token)
            #expect(try await fixture.refresh(token, client: client, from: address).status == 401)
            #expect(try await fixture.refresh(first.data["refreshToken"]?.string ?? "").status == 401)
        }
    }

    @Test func `a chain goes on for as long as it is used`() async throws {
        try await withIdentity { fixture in
            var token = try await newRefreshToken(fixture)
            for _ in 0..<3 {
                fixture.server.clock.advance(by: .days(6))
                let answer = try await fixture.refresh(token)
                #expect(answer.status == 200)
                token = answer.data["refreshToken"]?.string ?? ""
            }
            fixture.server.clock.advance(by: .days(7))
            #expect(try await fixture.refresh(token).status == 401)
        }
    }

    /// How somebody ends his sign-in while another of his tabs is continuing it.
    @Test(arguments: [["everywhere": true], [:]] as [JSONValue])
    func `what a refresh makes at the moment of a logout is over, too`(body: JSONValue) async throws {
        try await withIdentity { fixture in
            let (id, _) = try await fixture.person("a@example.com")
            let signedIn = try await fixture.signIn("a@example.com")
            let access = signedIn.data["accessToken"]?.string
            let refresh = signedIn.data["refreshToken"]?.string ?? ""
            // The account's row is held, so that the refresh stands still before it commits and the logout behind it.
            let (refreshing, ending) = try await fixture.server.database.transaction { _ in
                _ = try await fixture.server.database.first(UserQueries.lock(id))
                let refreshing = Task { try await fixture.refresh(refresh) }
                try await fixture.server.waitForLocks(1)
                let ending = Task {
                    try await fixture.server.send("POST", "/api/v1/auth/logout", token: access, body: body)
                }
                try await fixture.server.waitForLocks(2)
                return (refreshing, ending)
            }
            let refreshed = try await refreshing.value
            #expect(try await ending.value.status == 200)
            #expect(refreshed.status == 200)
            let successor = refreshed.data["refreshToken"]?.string ?? ""
            #expect(try await fixture.refresh(successor).status == 401)
            let token = refreshed.data["accessToken"]?.string
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
        }
    }

    @Test(arguments: ["", "nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func `what is no token is refused`(text: String) async throws {
        try await withIdentity { fixture in
            let answer = try await fixture.refresh(text)
            #expect(answer.status == 401 && answer.code == "token_invalid")
        }
    }
}
