import Testing

@testable import Crypto

@Suite struct ES256Tests {
    /// RFC 7515 appendix A.3.
    static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    static let signed =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    static let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

    @Test func publishedSignature() throws {
        let key = try JWK.key(x: Self.x, y: Self.y)
        let signature = try #require(Base64.decodeURL(Self.signature))
        #expect(key.verify(signature, of: Self.signed))
        #expect(!key.verify(signature, of: Self.signed + " "))
        #expect(!key.verify(signature.dropLast(), of: Self.signed))
        #expect(!key.verify([UInt8](repeating: 0, count: 64), of: Self.signed))
        #expect(!key.verify([UInt8](repeating: 255, count: 64), of: Self.signed))
        #expect(JWK(key).x == Self.x && JWK(key).y == Self.y)
    }

    @Test func signsWhatItsPublicHalfVerifies() throws {
        let key = ES256PrivateKey()
        for round in 0..<50 {
            let signature = key.sign("message \(round)")
            #expect(signature.count == 64)
            #expect(key.publicKey.verify(signature, of: "message \(round)"))
            #expect(!ES256PrivateKey().publicKey.verify(signature, of: "message \(round)"))
        }
    }

    @Test func aStoredKeyIsTheSameKey() throws {
        let key = ES256PrivateKey()
        let stored = try ES256PrivateKey(der: key.der)
        #expect(stored.publicKey.point == key.publicKey.point)
        #expect(key.publicKey.verify(stored.sign("x"), of: "x"))
        #expect(throws: CryptoError.badKey) { try ES256PrivateKey(der: [1, 2, 3]) }
    }

    @Test func aPointOffTheCurveIsNoKey() throws {
        var point = ES256PrivateKey().publicKey.point
        point[64] ^= 1
        #expect(throws: CryptoError.badKey) { try ES256PublicKey(point: point) }
        #expect(throws: CryptoError.badKey) { try ES256PublicKey(point: []) }
        #expect(throws: CryptoError.malformed) { try JWK.key(x: "AA", y: Self.y) }
    }

    /// RFC 7638 section 3, computed apart from this code.
    @Test func thumbprint() throws {
        #expect(JWK(try JWK.key(x: Self.x, y: Self.y)).kid == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U")
    }
}
