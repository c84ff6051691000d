import Crypto
import HTTP
import JSON
import Values

/// Who we are to push services of browsers (RFC 8292).
package struct VAPID: Sendable {
    private static let life = Duration.hours(12)

    private let key: ES256PrivateKey
    /// `mailto:` or `https:`, where the service's people reach ours.
    private let subject: String

    /// - Parameters: `publicKey`, `privateKey` in base64url, as tools for VAPID print them. Nil when they are no pair.
    package init?(publicKey: String, privateKey: String, subject: String) {
        guard let point = Base64.decodeURL(publicKey), let scalar = Base64.decodeURL(privateKey),
            let key = try? ES256PrivateKey(scalar: scalar, point: point)
        else { return nil }
        self.key = key
        self.subject = subject
    }

    init(_ key: ES256PrivateKey, subject: String) {
        self.key = key
        self.subject = subject
    }

    package var publicKey: String { Base64.encodeURL(key.publicKey.point) }

    /// The value of `Authorization` for one service.
    func authorization(for url: ClientURL, at now: Instant) -> String {
        let usual: UInt16 = url.isSecure ? 443 : 80
        let origin = "\(url.isSecure ? "https" : "http")://\(url.host)" + (url.port == usual ? "" : ":\(url.port)")
        let claims: JSONValue = [
            "aud": .string(origin), "exp": .number("\((now + Self.life).secondsSince1970)"), "sub": .string(subject),
        ]
        let signed = Base64.encodeURL(#"{"typ":"JWT","alg":"ES256"}"#) + "." + Base64.encodeURL(claims.jsonBytes)
        return "vapid t=\(signed).\(Base64.encodeURL(key.sign(signed))), k=\(publicKey)"
    }
}
