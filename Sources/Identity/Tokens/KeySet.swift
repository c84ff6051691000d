import Crypto
import JSON

/// The published keys (RFC 7517, section 5).
struct KeySet: WireOutput {
    let keys: [KeyView]

    static let shape = Shape<KeySet>(output: "KeySet", Field("keys", { $0.keys }))
}

/// RFC 7517, section 4: the members of a key; those of an EC public key in RFC 7518, section 6.2.1.
struct KeyView: WireOutput {
    let key: JWK

    static let shape = Shape<KeyView>(
        output: "Key",
        Field("kty", { $0.key.kty }), Field("crv", { $0.key.crv }), Field("use", { $0.key.use }),
        Field("alg", { $0.key.alg }), Field("kid", { $0.key.kid }), Field("x", { $0.key.x }), Field("y", { $0.key.y }))
}
