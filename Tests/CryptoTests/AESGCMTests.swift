import Testing

@testable import Crypto

/// Test cases 13, 14 and 16 of the GCM specification submitted to NIST.
@Suite struct AESGCMTests {
    struct Vector: Sendable {
        let key, nonce, plain, binding, output: String
    }

    static let zeroKey = String(repeating: "0", count: 64)
    static let vectors = [
        Vector(
            key: zeroKey, nonce: "000000000000000000000000", plain: "", binding: "",
            output: "530f8afbc74536b9a963b4f1c4cb738b"),
        Vector(
            key: zeroKey, nonce: "000000000000000000000000", plain: "00000000000000000000000000000000", binding: "",
            output: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        Vector(
            key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", nonce: "cafebabefacedbaddecaf888",
            plain: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            binding: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            output: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"),
    ]

    @Test(arguments: vectors) func published(_ vector: Vector) throws {
        let key = try #require(Hex.decode(vector.key))
        let nonce = try #require(Hex.decode(vector.nonce))
        let plain = try #require(Hex.decode(vector.plain))
        let binding = try #require(Hex.decode(vector.binding))
        let output = AESGCM.encrypt(plain, key: key, nonce: nonce, binding: binding)
        #expect(Hex.encode(output) == vector.output)
        #expect(try AESGCM.decrypt(output[...], key: key, nonce: nonce[...], binding: binding) == plain)
    }

    @Test func anyChangedBitIsNoticed() throws {
        let key = SecureRandom.bytes(32)
        let nonce = SecureRandom.bytes(12)
        let sealed = AESGCM.encrypt("plain", key: key, nonce: nonce, binding: [1])
        for bit in 0..<sealed.count * 8 {
            var changed = sealed
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: CryptoError.notAuthentic) {
                try AESGCM.decrypt(changed[...], key: key, nonce: nonce[...], binding: [1])
            }
        }
        #expect(throws: CryptoError.notAuthentic) {
            try AESGCM.decrypt(sealed[...], key: key, nonce: nonce[...], binding: [2])
        }
    }
}
