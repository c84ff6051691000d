/// A P-256 verification key as members of a JSON Web Key (RFC 7517, RFC 7518 section 6.2).
package struct JWK: Hashable, Sendable {
    package let kty = "EC"
    package let crv = "P-256"
    package let use = "sig"
    package let alg = "ES256"
    /// The key's thumbprint, so that the same key has the same id on every instance.
    package let kid: String
    package let x: String
    package let y: String

    package init(_ key: ES256PublicKey) {
        x = Base64.encodeURL(key.point[1..<33])
        y = Base64.encodeURL(key.point[33..<65])
        kid = Self.thumbprint(x: x, y: y)
    }

    /// The key that the coordinates name.
    package static func key(x: String, y: String) throws(CryptoError) -> ES256PublicKey {
        guard let x = Base64.decodeURL(x), let y = Base64.decodeURL(y), x.count == 32, y.count == 32 else {
            throw .malformed
        }
        return try ES256PublicKey(point: [4] + x + y)
    }

    /// RFC 7638 section 3: the required members, in lexicographic order, without white space.
    private static func thumbprint(x: String, y: String) -> String {
        Base64.encodeURL(SHA256.digest(of: #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#))
    }
}
