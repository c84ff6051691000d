import Crypto
import Values

/// Makes and verifies access tokens.
package struct AccessTokens: Sendable {
    let keys: SigningKeys
    package let issuer: String
    package let audience: String
    package let life: Duration

    package init(keys: SigningKeys, issuer: String, audience: String, life: Duration) {
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.life = life
    }

    /// A token for a sign-in.
    func issue(to user: User, family: ID<RefreshToken.Family>, at now: Instant) async throws -> String {
        let claims = AccessClaims(
            issuer: issuer, audience: audience, user: user.id, family: family, version: user.tokenVersion, id: .v7(),
            issuedAt: now, expiresAt: now + life)
        guard let signer = try await keys.current().signer(at: now) else { throw CryptoError.unknownKey }
        return signer.sign(claims: claims.payload)
    }

    /// The claims of an authentic token of ours that has not run out; nil for anything else. Whether its sign-in still
    /// stands is not asked here.
    func verify(_ token: String, at now: Instant) async throws -> AccessClaims? {
        let ring = try await keys.current()
        do {
            return accepted(try ring.verifier(at: now).claims(of: token), at: now)
        } catch CryptoError.unknownKey {
            guard token.utf8.count <= JWT.largestToken, try await keys.reloadForUnknownKey() else { return nil }
            let ring = try await keys.current()
            // Whatever is wrong with it now, it proves nothing: a token that is refused is nobody's, not an error.
            return (try? ring.verifier(at: now).claims(of: token)).flatMap { accepted($0, at: now) }
        } catch is CryptoError {
            return nil
        }
    }

    private func accepted(_ payload: [UInt8], at now: Instant) -> AccessClaims? {
        guard let claims = AccessClaims(payload: payload), claims.issuer == issuer, claims.audience == audience,
            now < claims.expiresAt + AccessClaims.leeway
        else { return nil }
        return claims
    }
}
