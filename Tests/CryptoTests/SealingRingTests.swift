import Testing

@testable import Crypto

@Suite struct SealingRingTests {
    let old = SealingKey.random(id: 1)
    let new = SealingKey.random(id: 2)

    @Test(arguments: ["", "482913", String(repeating: "ж", count: 5000)])
    func opensWhatItSealed(_ text: String) throws {
        let ring = SealingRing(current: new)
        let sealed = ring.seal(text, context: "notifications|1")
        #expect(try ring.openText(sealed, context: "notifications|1") == text)
        #expect(ring.seal(text, context: "notifications|1") != sealed)
    }

    @Test func aSecretMovedToAnotherRowDoesNotOpen() {
        let ring = SealingRing(current: new)
        let sealed = ring.seal("482913", context: "notifications|1")
        #expect(throws: CryptoError.notAuthentic) { try ring.open(sealed, context: "notifications|2") }
    }

    @Test func aReplacedKeyStillOpensAndIsStale() throws {
        let sealed = SealingRing(current: old).seal("secret", context: "x")
        let ring = SealingRing(current: new, older: [old])
        #expect(try ring.openText(sealed, context: "x") == "secret")
        #expect(ring.isStale(sealed))
        #expect(!ring.isStale(ring.seal("secret", context: "x")))
        #expect(throws: CryptoError.unknownKey) { try SealingRing(current: new).open(sealed, context: "x") }
    }

    @Test func theKeyIdIsAuthenticated() throws {
        let ring = SealingRing(current: old, older: [SealingKey(id: 2, bytes: old.bytes)!])
        var bytes = ring.seal("secret", context: "x").bytes
        bytes[4] = 2
        #expect(throws: CryptoError.notAuthentic) { try ring.open(Sealed(bytes: bytes), context: "x") }
    }

    @Test func brokenBytesAreMalformed() {
        let ring = SealingRing(current: new)
        let bytes = ring.seal("", context: "x").bytes
        for broken in [[], Array(bytes.dropLast()), [9] + bytes.dropFirst()] {
            #expect(throws: CryptoError.malformed) { try ring.open(Sealed(bytes: broken), context: "x") }
        }
    }

    @Test func settings() {
        #expect(SealingKey(setting: new.setting)?.bytes == new.bytes)
        #expect(SealingKey(setting: "3:" + Hex.encode(old.bytes))?.bytes == old.bytes)
        #expect(SealingKey(setting: "3:" + Hex.encode(old.bytes))?.id == 3)
        for wrong in ["", "3", "3:", "x:" + Hex.encode(old.bytes), "3:abcd", ":" + Hex.encode(old.bytes)] {
            #expect(SealingKey(setting: wrong) == nil)
        }
    }
}
