import Testing

@testable import Crypto

/// RFC 4231 section 4.
@Suite struct HMACSHA256Tests {
    struct Vector: Sendable {
        let key: [UInt8]
        let data: [UInt8]
        let code: String
    }

    static let vectors = [
        Vector(
            key: .init(repeating: 0x0b, count: 20), data: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: Array("Jefe".utf8), data: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: .init(repeating: 0xaa, count: 20), data: .init(repeating: 0xdd, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: Array(1...25), data: .init(repeating: 0xcd, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: .init(repeating: 0xaa, count: 131), data: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    ]

    @Test(arguments: vectors) func publishedCodes(_ vector: Vector) {
        #expect(Hex.encode(HMACSHA256.authenticate(vector.data, key: vector.key)) == vector.code)
    }

    @Test func oneKeyServesManyMessages() {
        let key = HMACSHA256(key: "Jefe")
        for vector in Self.vectors where vector.key == Array("Jefe".utf8) {
            #expect(Hex.encode(key.authenticate(vector.data)) == vector.code)
            #expect(Hex.encode(key.authenticate(vector.data)) == vector.code)
        }
    }

    @Test func anotherMessageKeyOrLengthIsRefused() {
        let key = HMACSHA256(key: "secret")
        let code = key.authenticate("message")
        #expect(key.verify(code, of: "message"))
        #expect(!key.verify(code, of: "massage"))
        #expect(!key.verify(code.dropLast(), of: "message"))
        #expect(!HMACSHA256(key: "").verify(code, of: "message"))
    }
}
