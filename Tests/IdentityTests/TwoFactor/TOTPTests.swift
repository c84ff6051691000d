import Crypto
import Testing
import Values

@testable import Identity

/// RFC 6238, appendix B (SHA-1, of whose eight digits apps show six), and RFC 4648, section 10.
@Suite struct TOTPTests {
    private let totp = TOTP(secret: Array("12345678901234567890".utf8))

    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ] as [(Int64, String)])
    func codesAreThoseOfTheStandard(_ seconds: Int64, _ code: String) {
        #expect(totp.code(seconds / 30) == code)
        #expect(totp.step(of: code, at: Instant(secondsSince1970: seconds)) == seconds / 30)
    }

    @Test func aCodeHoldsOneStepBeforeAndOneAfter() {
        let now = Instant(secondsSince1970: 1_111_111_109)
        for (step, holds) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] as [(Int, Bool)] {
            let code = totp.code(1_111_111_109 / 30 + Int64(step))
            #expect((totp.step(of: code, at: now) != nil) == holds, "\(step)")
        }
        #expect(totp.step(of: "", at: now) == nil && totp.step(of: "0818040", at: now) == nil)
    }

    @Test func anAuthenticatorReadsItsAddress() {
        #expect(
            totp.address(issuer: "api.example:3000", account: "ann@example.com")
                == "otpauth://totp/api.example%3A3000:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=api.example%3A3000&algorithm=SHA1&digits=6&period=30")
    }

    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func base32IsThatOfTheStandard(_ plain: String, _ text: String) {
        #expect(Base32.encode(Array(plain.utf8)) == text)
    }
}
