import Crypto

/// What requests to an endpoint are signed with, as Standard Webhooks spells it: `whsec_` and base64 of the key.
struct WebhookSecret: Sendable {
    let key: [UInt8]

    private static let prefix = "whsec_"

    static func random() -> WebhookSecret { WebhookSecret(key: SecureRandom.bytes(32)) }

    init(key: [UInt8]) { self.key = key }

    var text: String { Self.prefix + Base64.encode(key) }

    /// One signature of a message, for the field `webhook-signature`.
    func signature(of message: String, at seconds: Int64, _ body: [UInt8]) -> String {
        let signed = Array("\(message).\(seconds).".utf8) + body
        return "v1," + Base64.encode(HMACSHA256.authenticate(signed, key: key))
    }
}
