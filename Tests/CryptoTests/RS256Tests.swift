import Testing

@testable import Crypto

/// RFC 7515, appendix A.2: a key, a message and its signature.
@Suite struct RS256Tests {
    private static let n =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs"
        + "D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV"
        + "MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    private static let message =
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    private static let signature =
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZ"
        + "cAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-e"
        + "OkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

    private func key() throws -> RS256PublicKey {
        try RS256PublicKey(modulus: try #require(Base64.decodeURL(Self.n)), exponent: [1, 0, 1])
    }

    @Test func theVectorHolds() throws {
        let signature = try #require(Base64.decodeURL(Self.signature))
        #expect(try key().verify(signature, of: Self.message))
        #expect(try !key().verify(signature, of: Self.message + " "))
        #expect(try !key().verify(Array(signature.dropLast()), of: Self.message))
        #expect(try !key().verify([], of: Self.message))
        var flipped = signature
        flipped[100] ^= 1
        #expect(try !key().verify(flipped, of: Self.message))
    }

    @Test func whatIsNoKeyIsRefused() throws {
        let modulus = try #require(Base64.decodeURL(Self.n))
        for (modulus, exponent): ([UInt8], [UInt8]) in [
            ([], [1, 0, 1]), (Array(modulus.prefix(255)), [1, 0, 1]), (modulus, []), (modulus, [1]), (modulus, [1, 0, 0]),
            ([UInt8](repeating: 255, count: 1025), [1, 0, 1]), ([0, 0] + modulus.dropFirst(2), [1, 0, 1]),
        ] {
            #expect(throws: CryptoError.badKey) { try RS256PublicKey(modulus: modulus, exponent: exponent) }
        }
    }
}
