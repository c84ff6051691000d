import Testing

@testable import Crypto

@Suite struct TokenTests {
    @Test func aTokenComesBackFromItsText() throws {
        let token = Token.random()
        #expect(token.bytes.count == 32)
        #expect(Token(base64URL: token.base64URL) == token)
        #expect(token.hex == Hex.encode(token.bytes))
        #expect(token.digest == SHA256.digest(of: token.bytes))
        #expect(Token.random() != token)
        #expect(Token(base64URL: "not a token") == nil)
    }

    @Test(arguments: [4, 6, 9]) func codesHaveTheirLengthAndOnlyDigits(_ digits: Int) {
        let generator = CodeGenerator(digits: digits)
        for _ in 0..<200 {
            let code = generator.next()
            #expect(code.utf8.count == digits && code.utf8.allSatisfy { (48...57).contains($0) })
        }
    }

    @Test func everyFirstDigitOccurs() {
        let first = Set((0..<1000).map { _ in CodeGenerator().next().prefix(1) })
        #expect(first.count == 10)
    }

    @Test func numbersStayBelowTheirBound() {
        for bound: UInt32 in [1, 2, 3, 1 << 31, (1 << 31) + 1, .max] {
            for _ in 0..<100 { #expect(SecureRandom.number(below: bound) < bound) }
        }
        #expect(Set((0..<200).map { _ in SecureRandom.number(below: 3) }) == [0, 1, 2])
    }
}
