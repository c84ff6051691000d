import Testing

@testable import Crypto

@Suite struct JWTTests {
    let key = ES256PrivateKey()
    let claims = #"{"iss":"atrium","sub":"01890a5d-ac96-774b-bcce-b302099a8057","exp":1300819380}"#

    @Test func verifiesItsOwn() throws {
        let token = JWTSigner(key: key).sign(claims: claims)
        let header = try #require(Base64.decodeURL(token.prefix { $0 != "." }))
        #expect(String(decoding: header, as: UTF8.self) == #"{"alg":"ES256","kid":"\#(JWK(key.publicKey).kid)","typ":"JWT"}"#)
        let verifier = JWTVerifier(keys: [ES256PrivateKey().publicKey, key.publicKey])
        #expect(try verifier.claims(of: token) == Array(claims.utf8))
    }

    @Test func otherHeadersAreUnknownKeys() throws {
        let verifier = JWTVerifier(keys: [key.publicKey])
        let payload = Base64.encodeURL(claims)
        for header in [#"{"alg":"none"}"#, #"{"alg":"ES256"}"#, #"{"alg":"HS256","kid":"\#(JWK(key.publicKey).kid)"}"#, ""] {
            let signed = Base64.encodeURL(header) + "." + payload
            let token = signed + "." + Base64.encodeURL(key.sign(signed))
            #expect(throws: CryptoError.unknownKey) { try verifier.claims(of: token) }
        }
        #expect(throws: CryptoError.unknownKey) {
            try verifier.claims(of: JWTSigner(key: ES256PrivateKey()).sign(claims: claims))
        }
    }

    @Test func changedPayloadsAndSignaturesAreNotAuthentic() throws {
        let verifier = JWTVerifier(keys: [key.publicKey])
        let parts = JWTSigner(key: key).sign(claims: claims).split(separator: ".")
        let other = Base64.encodeURL(claims + " ")
        let signature = Base64.encodeURL(ES256PrivateKey().sign(parts[0] + "." + parts[1]))
        for token in ["\(parts[0]).\(other).\(parts[2])", "\(parts[0]).\(parts[1]).\(signature)", "\(parts[0]).\(parts[1])."] {
            #expect(throws: CryptoError.notAuthentic) { try verifier.claims(of: token) }
        }
    }

    @Test func malformed() {
        let verifier = JWTVerifier(keys: [key.publicKey])
        let token = JWTSigner(key: key).sign(claims: claims)
        let parts = token.split(separator: ".")
        for wrong in ["", ".", "a.b", token + ".x", token + "=", "\(parts[0]).?.\(parts[2])", String(repeating: "a", count: 5000)] {
            #expect(throws: CryptoError.malformed) { try verifier.claims(of: wrong) }
        }
    }
}
