import Crypto
import JSON
import Values

/// What a session token of Clerk says. It names a person and a session; what it may say of roles counts for nothing.
struct ClerkClaims: Equatable, Sendable {
    /// `user_…`
    let subject: String
    let issuedAt: Instant
    let expiresAt: Instant

    /// By how much clocks may differ (0-platform, 5.4).
    static let leeway = Duration.seconds(5)

    /// Nil for claims that do not hold now, or not of this instance, or of no whole session.
    init?(payload: [UInt8], issuer: String, parties: Set<String>, at now: Instant) {
        guard let claims = try? JSONValue.decode(json: payload), claims["iss"]?.string == issuer,
            let subject = claims["sub"]?.string, Self.isPerson(subject), claims["sid"]?.string?.isEmpty == false,
            // A session whose owner has not done yet what the instance asks of him.
            claims["sts"]?.string != "pending",
            let expiresAt = claims["exp"].flatMap(Self.instant), now < expiresAt + Self.leeway,
            let notBefore = claims["nbf"].flatMap(Self.instant), notBefore <= now + Self.leeway,
            let issuedAt = claims["iat"].flatMap(Self.instant), issuedAt <= now + Self.leeway
        else { return nil }
        if !parties.isEmpty {
            guard let party = claims["azp"]?.string, parties.contains(party) else { return nil }
        }
        self.subject = subject
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    static func isPerson(_ subject: String) -> Bool {
        subject.hasPrefix("user_") && (6...128).contains(subject.utf8.count)
            && subject.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x5f }
    }

    /// Seconds since 1970 (RFC 7519, section 2).
    private static func instant(_ value: JSONValue) -> Instant? { value.int.map { Instant(secondsSince1970: Int64($0)) } }
}

/// A session token taken apart (RFC 7515, section 7.1), before anything in it is believed.
struct ClerkToken: Sendable {
    let keyID: String
    /// What is signed: head and payload as they came.
    let signed: [UInt8]
    let payload: [UInt8]
    let signature: [UInt8]

    /// Nil for what is no token signed by RS256: no other algorithm is ever looked at (RFC 8725, section 3.1), and a head that
    /// demands more than that (`crit`) is not understood.
    init?(_ token: String) {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, token.utf8.count <= JWT.largestToken, let bytes = Base64.decodeURL(Array(parts[0])),
            let head = try? JSONValue.decode(json: bytes), head["alg"]?.string == "RS256", head["crit"] == nil,
            let keyID = head["kid"]?.string, (1...255).contains(keyID.utf8.count),
            let payload = Base64.decodeURL(Array(parts[1])), let signature = Base64.decodeURL(Array(parts[2]))
        else { return nil }
        self.keyID = keyID
        self.payload = payload
        self.signature = signature
        signed = Array(parts[0]) + [UInt8(ascii: ".")] + Array(parts[1])
    }
}
