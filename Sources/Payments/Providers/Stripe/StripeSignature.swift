import Crypto
import Values

/// `t=<seconds>,v1=<hex>`: HMAC-SHA256 of `t.body`, as Stripe signs its webhooks. Any of several v1 may fit, and the
/// time lies within 300 s of ours.
struct StripeSignature {
    static let tolerance: Int64 = 300

    let secret: String

    func sign(_ body: [UInt8], at instant: Instant) -> String {
        let seconds = instant.microseconds / 1_000_000
        return "t=\(seconds),v1=\(Hex.encode(code(body, "\(seconds)")))"
    }

    func isValid(_ header: String, for body: [UInt8], now: Instant) -> Bool {
        var time: Substring?
        var codes: [Substring] = []
        for part in header.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return false }
            switch pair[0] {
            case "t": time = pair[1]
            case "v1": codes.append(pair[1])
            default: break
            }
        }
        guard let time, let seconds = Int64(time), codes.count <= 8 else { return false }
        let (age, overflow) = (now.microseconds / 1_000_000).subtractingReportingOverflow(seconds)
        guard !overflow, age.magnitude <= UInt64(Self.tolerance) else { return false }
        let expected = Hex.encode(code(body, String(time)))
        var fits = false
        for code in codes where ConstantTime.equal(String(code), expected) { fits = true }
        return fits
    }

    private func code(_ body: [UInt8], _ time: String) -> [UInt8] {
        HMACSHA256.authenticate(Array(time.utf8) + [UInt8(ascii: ".")] + body, key: secret)
    }
}
