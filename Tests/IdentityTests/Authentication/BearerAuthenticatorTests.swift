import Postgres
import Runtime
import Service
import Support
import Testing
import Values

@testable import Identity

@Suite struct BearerAuthenticatorTests {
    private func known(_ fixture: IdentityFixture, _ token: String) -> Principal? {
        guard let loop = EventLoop.current else { return nil }
        return Array(token.utf8).withUnsafeBytes {
            fixture.module.authenticator.known($0, on: loop, at: fixture.module.clock.now())
        }
    }

    private func authenticate(_ fixture: IdentityFixture, _ token: String) async throws -> Principal? {
        try await fixture.module.authenticator.authenticate(
            token, on: EventLoop.current!, at: fixture.module.clock.now())
    }

    @Test func `a token is known after it was verified, to the byte, and until it ends`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person("a@example.com")
            fixture.module.authenticator.setInformed(true)
            #expect(known(fixture, token) == nil)
            #expect(try await authenticate(fixture, token)?.userID == id.uuid)
            #expect(known(fixture, token)?.userID == id.uuid)
            #expect(known(fixture, String(token.dropLast()) + (token.last == "A" ? "Q" : "A")) == nil)
            #expect(known(fixture, token + "A") == nil)
            #expect(known(fixture, "") == nil)
            fixture.server.clock.advance(by: .seconds(15 * 60 + 31))
            #expect(known(fixture, token) == nil)
        }
    }

    @Test func `what another instance changes is forgotten when the database tells of it`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person("a@example.com")
            fixture.module.authenticator.setInformed(true)
            _ = try await authenticate(fixture, token)
            #expect(known(fixture, token) != nil)
            let told = Signal()
            let watch = fixture.server.database.listen(Invalidation.channel) { payload in
                if payload == "user:\(id)" { told.fire() }
            }
            defer { watch.cancel() }
            // Straight in the table, as another instance would.
            try await fixture.server.database.execute(
                Command("update identity.users set status = 'suspended', token_version = 1 where id = \(id)"))
            await told.wait()
            #expect(known(fixture, token) == nil)
            #expect(try await authenticate(fixture, token) == nil)
        }
    }

    @Test func `a sign-out on one instance is one on all`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person("a@example.com")
            let other = IdentityModule(
                database: fixture.server.database, options: fixture.module.options, roles: IdentityFixture.roles,
                kinds: IdentityFixture.kinds, locks: ScopeLocks(), postman: NoPostman(), loops: 2, log: .silent,
                clock: fixture.module.clock)
            try await other.start()
            let (heard, told) = (Signal(), Signal())
            let watch = fixture.server.database.listen(Invalidation.channel, hears: { if $0 { heard.fire() } }) {
                if $0.hasPrefix("family:") { told.fire() }
            }
            defer { watch.cancel() }
            await heard.wait()
            let loop = EventLoop.current!
            func known() -> Principal? {
                Array(token.utf8).withUnsafeBytes {
                    other.authenticator.known($0, on: loop, at: fixture.module.clock.now())
                }
            }
            _ = try await other.authenticator.authenticate(token, on: loop, at: fixture.module.clock.now())
            #expect(known()?.userID == id.uuid)
            #expect(try await fixture.server.send("POST", "/api/v1/auth/logout", token: token).data["revoked"]?.int == 1)
            await told.wait()
            #expect(known() == nil)
            let again = try await other.authenticator.authenticate(token, on: loop, at: fixture.module.clock.now())
            #expect(again == nil)
        }
    }

    @Test func `while notifications do not arrive nothing is remembered`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            fixture.module.authenticator.setInformed(true)
            _ = try await authenticate(fixture, token)
            fixture.module.authenticator.setInformed(false)
            #expect(known(fixture, token) == nil)
            #expect(try await authenticate(fixture, token) != nil)
            #expect(known(fixture, token) == nil)
            fixture.module.authenticator.setInformed(true)
            #expect(known(fixture, token) == nil)
        }
    }
}
