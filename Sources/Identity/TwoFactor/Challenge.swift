import Crypto
import Values

/// A sign-in that lacks its second proof: who has given the first, and when. It is handed out signed and kept nowhere; alone
/// it opens nothing.
struct Challenge: Equatable, Sendable {
    static let life = Duration.minutes(10)

    let user: ID<User>
    let end: Instant
    /// The sign-in is for the platform's staff.
    let staffOnly: Bool
    /// What the account was like: another password or an end of all sign-ins ends this one too.
    let state: String

    init(for user: User, staffOnly: Bool, at now: Instant) {
        self.user = user.id
        end = now + Self.life
        self.staffOnly = staffOnly
        state = Self.state(of: user)
    }

    /// `<base64url of "user|seconds|staff|state">.<its HMAC>`.
    func text(signedBy key: [UInt8]) -> String {
        let payload = Base64.encodeURL("\(user)|\(end.secondsSince1970)|\(staffOnly ? 1 : 0)|\(state)")
        return payload + "." + Base64.encodeURL(HMACSHA256.authenticate(payload, key: key))
    }

    /// Nil for what nobody here has signed.
    init?(_ text: String, signedBy key: [UInt8]) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let code = Base64.decodeURL(parts[1]), let bytes = Base64.decodeURL(parts[0]),
            ConstantTime.equal(code, HMACSHA256.authenticate(String(parts[0]), key: key))
        else { return nil }
        let members = String(decoding: bytes, as: UTF8.self).split(separator: "|", omittingEmptySubsequences: false)
        guard members.count == 4, let user = UUID(members[0]), let seconds = Int64(members[1]) else { return nil }
        self.user = ID(user)
        end = Instant(secondsSince1970: seconds)
        staffOnly = members[2] == "1"
        state = String(members[3])
    }

    func fits(_ user: User) -> Bool { state == Self.state(of: user) }

    private static func state(of user: User) -> String {
        Hex.encode(Array(SHA256.digest(of: "\(user.tokenVersion)|\(user.passwordHash ?? "")").prefix(8)))
    }
}
