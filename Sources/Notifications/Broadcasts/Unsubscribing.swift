import Crypto
import Values

/// Links by which readers of mails to many want no more of them (RFC 8058). They name a person and a kind of notices, signed, and
/// open nothing else.
package struct Unsubscribing: Sendable {
    private let server: String
    private let key: [UInt8]

    /// - Parameters:
    ///   - server: our public address.
    ///   - key: signs the links.
    package init(server: String, key: [UInt8]) {
        self.server = server
        self.key = key
    }

    static let path = "/api/v1/notifications/unsubscribe"

    func link(for user: UUID, _ category: String) -> String { "\(server)\(Self.path)/\(token(for: user, category))" }

    func token(for user: UUID, _ category: String) -> String {
        let payload = Base64.encodeURL("\(user)|\(category)")
        return payload + "." + Base64.encodeURL(HMACSHA256.authenticate(payload, key: key))
    }

    /// Nil for what nobody here has signed.
    func open(_ token: String) -> (user: UUID, category: String)? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let code = Base64.decodeURL(parts[1]), let bytes = Base64.decodeURL(parts[0]),
            ConstantTime.equal(code, HMACSHA256.authenticate(String(parts[0]), key: key))
        else { return nil }
        let members = String(decoding: bytes, as: UTF8.self).split(separator: "|", maxSplits: 1)
        guard members.count == 2, let user = UUID(members[0]) else { return nil }
        return (user, String(members[1]))
    }
}
