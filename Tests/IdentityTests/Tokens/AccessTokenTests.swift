import Crypto
import JSON
import Support
import Testing
import Values

@testable import Identity

@Suite struct AccessTokenTests {
    private func status(_ fixture: IdentityFixture, _ token: String) async throws -> Int {
        try await fixture.server.send("GET", "/api/v1/users/me", token: token).status
    }

    @Test func `tampered tokens prove nothing`() async throws {
        try await withIdentity { fixture in
            let (_, token) = try await fixture.person("a@example.com")
            let parts = token.split(separator: ".").map(String.init)
            #expect(try await status(fixture, token) == 200)
            let none = Base64.encodeURL(#"{"alg":"none","typ":"JWT"}"#)
            #expect(try await status(fixture, "\(none).\(parts[1]).") == 401)
            #expect(try await status(fixture, "\(none).\(parts[1]).\(parts[2])") == 401)
            #expect(try await status(fixture, try await signedWithPublicKey(fixture, parts[1])) == 401)
            #expect(try await status(fixture, "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))") == 401)
            let claims = Base64.encodeURL((Base64.decodeURL(parts[1]) ?? []).map { $0 == UInt8(ascii: "0") ? UInt8(ascii: "1") : $0 })
            #expect(try await status(fixture, "\(parts[0]).\(claims).\(parts[2])") == 401)
            #expect(try await status(fixture, parts[0]) == 401)
            #expect(try await status(fixture, token) == 200)
        }
    }

    /// HS256 with the published key as the secret: what a library that believes the header falls for.
    private func signedWithPublicKey(_ fixture: IdentityFixture, _ payload: String) async throws -> String {
        let keys = try await fixture.server.send("GET", "/.well-known/jwks.json")
        let kid = keys.json["keys"]?[0]?["kid"]?.string ?? ""
        let head = Base64.encodeURL(#"{"alg":"HS256","kid":"\#(kid)","typ":"JWT"}"#)
        let signature = HMACSHA256.authenticate("\(head).\(payload)", key: keys.body)
        return "\(head).\(payload).\(Base64.encodeURL(signature))"
    }

    @Test func `thirty seconds of leeway and not one more`() async throws {
        try await withIdentity { fixture in
            let (id, token) = try await fixture.person("a@example.com")
            let user = try await fixture.module.users.existing(id)
            let tokens = fixture.module.signIns.tokens
            let start = Instant(secondsSince1970: fixture.module.clock.now().secondsSince1970)
            let exact = try await tokens.issue(to: user, family: .new(), at: start)
            let end = start + .minutes(15) + .seconds(30)
            #expect(try await tokens.verify(exact, at: end - .milliseconds(1)) != nil)
            #expect(try await tokens.verify(exact, at: end) == nil)
            fixture.server.clock.advance(by: .seconds(15 * 60 + 31))
            let late = try await status(fixture, token)
            #expect(late == 401)
        }
    }

    @Test func `tokens of another installation are strangers`() async throws {
        try await withIdentity { fixture in
            let (id, _) = try await fixture.person("a@example.com")
            let user = try await fixture.module.users.existing(id)
            for issuer in ["https://elsewhere.example", "https://atrium.example"] {
                let tokens = AccessTokens(
                    keys: fixture.module.keys, issuer: issuer, audience: issuer, life: .minutes(15))
                let token = try await tokens.issue(to: user, family: .new(), at: fixture.module.clock.now())
                #expect(try await status(fixture, token) == (issuer == "https://atrium.example" ? 200 : 401))
            }
        }
    }

    @Test func `the key set is bare, public and cacheable`() async throws {
        try await withIdentity { fixture in
            let answer = try await fixture.server.send("GET", "/.well-known/jwks.json")
            #expect(answer.status == 200 && answer.field("cache-control") == "public, max-age=300")
            let key = answer.json["keys"]?[0]
            #expect(key?["alg"]?.string == "ES256" && key?["kty"]?.string == "EC" && key?["d"] == nil)
        }
    }

    @Test func `a key is announced, takes over, verifies a day longer, and goes`() async throws {
        try await withIdentity { fixture in
            let (id, old) = try await fixture.person("a@example.com")
            let keys = fixture.module.keys
            fixture.server.clock.advance(by: .days(30))
            try await fixture.module.rotateKeys()
            try await fixture.module.rotateKeys()
            #expect(try await keys.current().jwks.count == 2)
            let user = try await fixture.module.users.existing(id)
            func kid(_ token: String) -> String? {
                token.split(separator: ".").first.flatMap { Base64.decodeURL($0) }
                    .flatMap { JSONValue.parsed($0)?["kid"]?.string }
            }
            let announced = try await fixture.module.signIns.tokens.issue(
                to: user, family: .new(), at: fixture.module.clock.now())
            #expect(kid(announced) == kid(old))
            fixture.server.clock.advance(by: SigningKey.announcement)
            let next = try await fixture.module.signIns.tokens.issue(
                to: user, family: .new(), at: fixture.module.clock.now())
            #expect(kid(next) != kid(old))
            #expect(try await status(fixture, announced) == 200)
            #expect(try await status(fixture, next) == 200)
            fixture.server.clock.advance(by: .hours(24))
            try await fixture.module.rotateKeys()
            #expect(try await keys.current().jwks.count == 1)
        }
    }

    @Test func `stored private keys open only with the data key and as their own`() async throws {
        let ring = SealingRing(current: .random(id: 1))
        let key = SigningKey.generate(notBefore: .now, ring: ring)
        #expect(try key.privateKey(ring).publicKey.point == key.publicKey.point)
        #expect(throws: (any Error).self) { try key.privateKey(SealingRing(current: .random(id: 1))) }
        let renamed = SigningKey(
            kid: "other", publicKey: key.publicKey, sealedPrivateKey: key.sealedPrivateKey, notBefore: key.notBefore,
            retiredAt: nil)
        #expect(throws: (any Error).self) { try renamed.privateKey(ring) }
    }
}
