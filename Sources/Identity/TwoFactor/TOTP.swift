import Crypto
import Service
import Values

/// Codes of an authenticator (RFC 6238): SHA-1, six digits, a new one every thirty seconds, as every such app makes them.
struct TOTP: Sendable {
    static let step = 30

    /// 160 bits, as long as the digest (RFC 4226, section 4).
    let secret: [UInt8]

    static func random() -> TOTP { TOTP(secret: SecureRandom.bytes(20)) }

    /// The code of one step.
    func code(_ step: Int64) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let digest = HMACSHA1.authenticate(counter, key: secret)
        let offset = Int(digest[19] & 15)
        let number = digest[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step that a code belongs to: this one, the one before or the one after, since clocks differ; nil for no code.
    func step(of code: String, at now: Instant) -> Int64? {
        let current = now.secondsSince1970 / Int64(Self.step)
        var found: Int64?
        // All three are compared, whichever it is.
        for step in current - 1...current + 1 where ConstantTime.equal(code, self.code(step)) { found = step }
        return found
    }

    /// What an authenticator reads from a picture.
    func address(issuer: String, account: String) -> String {
        let (issuer, account) = (PercentEncoding.encode(issuer), PercentEncoding.encode(account))
        return "otpauth://totp/\(issuer):\(account)?secret=\(text)&issuer=\(issuer)&algorithm=SHA1&digits=6&period=\(Self.step)"
    }

    /// The secret as people type it.
    var text: String { Base32.encode(secret) }
}
