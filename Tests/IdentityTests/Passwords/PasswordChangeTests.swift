import JSON
import Postgres
import Runtime
import Service
import Support
import Testing
import Values

@testable import Identity

/// Somebody with a password that another gave him, where it has to be changed before anything else.
@Suite struct PasswordChangeTests {
    private static let company = Scope("company", IdentityFixture.company)
    private static let given = "LongEnough1234"

    private func withEnforcement(_ body: @escaping @Sendable (IdentityFixture) async throws -> Void) async throws {
        try await withIdentity(adjust: { $0.enforcesPasswordChange = true }, body)
    }

    /// A director to whom the platform's staff gave a password, and his token.
    private func director(_ fixture: IdentityFixture) async throws -> (id: ID<User>, token: String) {
        let (id, _) = try await fixture.person("dir@example.com", [GrantDraft(role: "director", on: Self.company)])
        try await fixture.module.users.setPassword(of: id, to: Self.given, by: .system)
        return (id, try await fixture.token("dir@example.com", Self.given))
    }

    private func choose(_ fixture: IdentityFixture, _ token: String, _ password: JSONValue) async throws -> TestAnswer {
        try await fixture.server.send(
            "PUT", "/api/v1/users/me/password", token: token,
            body: ["currentPassword": .string(Self.given), "newPassword": password])
    }

    @Test func `nothing that guests may not do is open before it`() async throws {
        try await withEnforcement { fixture in
            let (id, token) = try await director(fixture)
            let open: Set = ["getMe", "changeMyPassword"]
            for operation in fixture.module.operations where operation.access != .anyone && operation.access != .provider {
                let path = operation.path.text.replacing("{id}", with: id.description)
                    .replacing("{grantId}", with: id.description)
                let answer = try await fixture.server.send("\(operation.method.name)", path, token: token)
                let isRefused = answer.status == 403 && answer.code == "password_change_required"
                #expect(isRefused != open.contains(operation.id), "\(operation.id): \(answer.text)")
                #expect(operation.isOpenBeforePasswordChange == open.contains(operation.id), "\(operation.id)")
                let isDeclared = operation.declaredProblems[403]?.contains("password_change_required") == true
                #expect(isDeclared != open.contains(operation.id), "\(operation.id)")
            }
        }
    }

    @Test func `he reads his account, goes on, and signs out`() async throws {
        try await withEnforcement { fixture in
            _ = try await director(fixture)
            let signedIn = try await fixture.signIn("dir@example.com", Self.given)
            #expect(signedIn.status == 200 && signedIn.data["user"]?["mustChangePassword"]?.bool == true)
            let refreshed = try await fixture.refresh(signedIn.data["refreshToken"]?.string ?? "")
            let token = refreshed.data["accessToken"]?.string
            let me = try await fixture.server.send("GET", "/api/v1/users/me", token: token)
            #expect(me.status == 200 && me.data["mustChangePassword"]?.bool == true)
            let refused = try await fixture.server.send("GET", "/api/v1/users", token: token)
            #expect(refused.status == 403 && refused.code == "password_change_required")
            #expect(try await fixture.server.send("POST", "/api/v1/auth/logout", token: token).data["revoked"]?.int == 1)
            #expect(try await fixture.server.send("GET", "/api/v1/users/me", token: token).status == 401)
        }
    }

    @Test func `a new password opens everything at once, the same one nothing`() async throws {
        try await withEnforcement { fixture in
            let (_, token) = try await director(fixture)
            fixture.module.authenticator.setInformed(true)
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: token).status == 403)
            #expect(try await choose(fixture, token, .string(Self.given)).code == "same_password")
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: token).status == 403)
            #expect(try await choose(fixture, token, "Better8Horse").status == 204)
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: token).status == 200)
        }
    }

    @Test func `another instance knows that it must be changed, and hears that it was`() async throws {
        try await withEnforcement { fixture in
            let (id, token) = try await director(fixture)
            let other = IdentityModule(
                database: fixture.server.database, options: fixture.module.options, roles: IdentityFixture.roles,
                kinds: IdentityFixture.kinds, locks: ScopeLocks(), postman: NoPostman(), loops: 2, log: .silent,
                clock: fixture.module.clock)
            try await other.start()
            let (heard, told) = (Signal(), Signal())
            let watch = fixture.server.database.listen(Invalidation.channel, hears: { if $0 { heard.fire() } }) {
                if $0 == "user:\(id)" { told.fire() }
            }
            defer { watch.cancel() }
            await heard.wait()
            let (loop, now) = (EventLoop.current!, fixture.module.clock.now())
            func known() -> Principal? {
                Array(token.utf8).withUnsafeBytes { other.authenticator.known($0, on: loop, at: now) }
            }
            _ = try await other.authenticator.authenticate(token, on: loop, at: now)
            #expect(known()?.mustChangePassword == true)
            #expect(try await choose(fixture, token, "Better8Horse").status == 204)
            await told.wait()
            #expect(known() == nil)
            let again = try await other.authenticator.authenticate(token, on: loop, at: now)
            #expect(again?.mustChangePassword == false)
        }
    }

    @Test func `his API keys go on`() async throws {
        try await withEnforcement { fixture in
            let (id, token) = try await fixture.person(
                "dir@example.com", [GrantDraft(role: "director", on: Self.company)])
            let made = try await fixture.server.send(
                "POST", "/api/v1/api-keys", token: token, body: ["name": "sync", "permissions": ["users:read"]])
            try await fixture.module.users.setPassword(of: id, to: Self.given, by: .system)
            let key = made.data["secret"]?.string
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: key).status == 200)
        }
    }

    @Test func `where it is not demanded nothing is closed`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await director(fixture)
            #expect(try await fixture.server.send("GET", "/api/v1/users", token: token).status == 200)
        }
    }
}
