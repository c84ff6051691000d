import Testing

@testable import Crypto

@Suite struct Base64Tests {
    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func published(text: String, encoded: String) {
        #expect(Base64.encode(text) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    /// RFC 7515 appendix C.
    @Test func urlAlphabet() {
        #expect(Base64.encodeURL([3, 236, 255, 224, 193] as [UInt8]) == "A-z_4ME")
        #expect(Base64.decodeURL("A-z_4ME") == [3, 236, 255, 224, 193])
    }

    @Test(arguments: ["A", "A+z/", "Zg==", "Zh", "Zm9", "Zm8 ", "Zm9v\n", "é"])
    func urlRefuses(_ text: String) {
        #expect(Base64.decodeURL(text) == nil)
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "=", "====", "Zh==", "Z===", "Zm8=Zm8=", "A-z_"])
    func standardRefuses(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func everyLengthReturns() {
        for length in 0..<70 {
            let bytes = SecureRandom.bytes(length)
            #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: ["0", "0g", "g0", "00 ", "é"]) func hexRefuses(_ text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func hexReadsEitherCase() {
        #expect(Hex.decode("00fFAb") == [0, 255, 171])
    }
}
