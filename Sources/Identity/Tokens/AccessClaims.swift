import JSON
import Values

/// What an access token says. It names the user and the sign-in, never a role: rights are looked up.
package struct AccessClaims: Hashable, Sendable {
    package let issuer: String
    package let audience: String
    package let user: ID<User>
    package let family: ID<RefreshToken.Family>
    /// The user's token_version when it was made; raising that ends every token.
    package let version: Int
    package let id: UUID
    package let issuedAt: Instant
    package let expiresAt: Instant

    /// Clocks of instances and clients differ (RFC 7519, section 4.1.4: "a few minutes" at most; ours 30 seconds).
    package static let leeway = Duration.seconds(30)
    /// The longest that any access token is accepted, so long must an ended family be remembered.
    package static let longestLife = Duration.minutes(61)

    /// The payload as JSON.
    var payload: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("iss", issuer)
        writer.member("aud", audience)
        writer.member("sub", user.description)
        writer.member("fam", family.description)
        writer.member("ver", version)
        writer.member("jti", id.description)
        writer.member("iat", Int(issuedAt.secondsSince1970))
        writer.member("exp", Int(expiresAt.secondsSince1970))
        writer.endObject()
        return writer.bytes
    }
}

extension AccessClaims {
    /// Nil for a payload that is not one of ours.
    init?(payload: [UInt8]) {
        // Its signature has been verified; what is wrong with a payload not of our form interests nobody.
        guard let claims = try? AccessClaims.decode(json: payload) else { return nil }
        self = claims
    }
}

extension AccessClaims: JSONReadable {
    package init(from reader: inout JSONReader) throws {
        var texts: [String: String] = [:]
        var numbers: [String: Int] = [:]
        try reader.object { name, reader in
            switch name {
            case "iss", "aud", "sub", "fam", "jti": texts[name] = try String(from: &reader)
            case "ver", "iat", "exp": numbers[name] = try Int(from: &reader)
            default: try reader.skipValue()
            }
        }
        guard let issuer = texts["iss"], let audience = texts["aud"], let user = texts["sub"].flatMap({ UUID($0) }),
            let family = texts["fam"].flatMap({ UUID($0) }), let id = texts["jti"].flatMap({ UUID($0) }),
            let version = numbers["ver"], let issuedAt = numbers["iat"], let expiresAt = numbers["exp"]
        else { throw Refusal.format("the claims of an access token") }
        self.init(
            issuer: issuer, audience: audience, user: ID(user), family: ID(family), version: version, id: id,
            issuedAt: Instant(secondsSince1970: Int64(issuedAt)), expiresAt: Instant(secondsSince1970: Int64(expiresAt)))
    }
}
