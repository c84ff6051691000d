import Crypto
import Values

/// Judges who sent a webhook by Svix's scheme: HMAC-SHA256 over `id.timestamp.body`.
struct SvixSignature: Sendable {
    /// What is older or of a time to come by more is refused, so that nobody sends again what he once overheard.
    static let tolerance = Duration.seconds(300)
    private static let prefix = "whsec_"
    /// During an exchange of secrets there are two.
    private static let most = 10

    private let key: HMACSHA256

    /// - Parameter secret: `whsec_` and base64 of the key. Nil for anything else.
    init?(secret: String) {
        guard secret.hasPrefix(Self.prefix), let bytes = Base64.decode(String(secret.dropFirst(Self.prefix.count))),
            bytes.count >= 16
        else { return nil }
        key = HMACSHA256(key: bytes)
    }

    /// - Parameters:
    ///   - timestamp: seconds since 1970, as the field `svix-timestamp` has them.
    ///   - signatures: the field `svix-signature`: versions and signatures, `v1,<base64>`, parted by spaces.
    func isGenuine(_ body: [UInt8], id: String, timestamp: String, signatures: String, at now: Instant) -> Bool {
        guard !id.isEmpty, id.utf8.count <= 255, let seconds = Int64(timestamp), timestamp.utf8.count <= 12 else { return false }
        let age = now - Instant(secondsSince1970: seconds)
        guard age <= Self.tolerance, age >= .zero - Self.tolerance else { return false }
        let code = key.authenticate(Array("\(id).\(timestamp).".utf8) + body)
        return signatures.split(separator: " ").prefix(Self.most).contains { signature in
            let parts = signature.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, parts[0] == "v1", let bytes = Base64.decode(String(parts[1])) else { return false }
            return ConstantTime.equal(bytes, code)
        }
    }
}
