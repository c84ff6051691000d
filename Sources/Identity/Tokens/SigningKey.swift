import Crypto
import Values

/// A key that access tokens are signed with: announced, then current, then only good for verifying, then gone.
package struct SigningKey: Sendable {
    package let kid: String
    package let publicKey: ES256PublicKey
    let sealedPrivateKey: Sealed
    package let notBefore: Instant
    /// Until when it verifies; nil while it has no successor.
    package let retiredAt: Instant?

    /// A successor is announced this long before it signs, so that nobody meets a token whose key he cannot have: the
    /// published set may be cached for 300 seconds.
    package static let announcement = Duration.minutes(10)
    /// A predecessor verifies this long after its successor has taken over.
    package static let afterlife = Duration.hours(24)

    func verifies(at now: Instant) -> Bool { retiredAt.map { now < $0 } ?? true }

    /// Whether it is time for a successor.
    func isDue(at now: Instant, life: Duration) -> Bool { retiredAt == nil && now >= notBefore + life }

    static func context(kid: String) -> String { "identity.signing_keys.private_enc:\(kid)" }

    /// A new key; the private half is readable only with the data key, and only as this key's.
    static func generate(notBefore: Instant, ring: SealingRing) -> SigningKey {
        let key = ES256PrivateKey()
        let kid = JWK(key.publicKey).kid
        return SigningKey(
            kid: kid, publicKey: key.publicKey, sealedPrivateKey: ring.seal(key.der, context: context(kid: kid)),
            notBefore: notBefore, retiredAt: nil)
    }

    func privateKey(_ ring: SealingRing) throws(CryptoError) -> ES256PrivateKey {
        try ES256PrivateKey(der: ring.open(sealedPrivateKey, context: Self.context(kid: kid)))
    }
}
