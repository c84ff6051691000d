import Crypto
import Values

/// The signing keys of one moment, ready for use.
struct KeyRing: Sendable {
    private let signers: [(notBefore: Instant, signer: JWTSigner)]
    private let keys: [SigningKey]
    /// Of all keys; good until the first of them retires.
    private let verifier: JWTVerifier
    /// Everything that may verify a token now or soon, as published.
    let jwks: [JWK]

    /// Keys the newest first.
    init(_ keys: [SigningKey], ring: SealingRing) throws(CryptoError) {
        self.keys = keys
        var signers: [(notBefore: Instant, signer: JWTSigner)] = []
        for key in keys { signers.append((key.notBefore, JWTSigner(key: try key.privateKey(ring)))) }
        self.signers = signers
        verifier = JWTVerifier(keys: keys.map(\.publicKey))
        jwks = keys.map { JWK($0.publicKey) }
    }

    /// The newest key that has begun.
    func signer(at now: Instant) -> JWTSigner? {
        (signers.first { $0.notBefore <= now } ?? signers.last)?.signer
    }

    func verifier(at now: Instant) -> JWTVerifier {
        if keys.allSatisfy({ $0.verifies(at: now) }) { return verifier }
        return JWTVerifier(keys: keys.filter { $0.verifies(at: now) }.map(\.publicKey))
    }
}
