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
