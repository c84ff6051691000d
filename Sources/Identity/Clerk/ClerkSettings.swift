import Crypto
import Service

/// Settings of the instance at Clerk whose people sign in here. Without its key, or issuer and keys, there is none.
package enum ClerkSettings {
    package static let publishableKey = Setting<String?>(
        "CLERK_PUBLISHABLE_KEY", "clerk.publishableKey", default: nil, .publishableKey,
        meaning: "Instance at Clerk whose session tokens are taken; its address stands in it.")
    package static let secretKey = Setting<String?>(
        "CLERK_SECRET_KEY", "clerk.secretKey", default: nil, .length(atLeast: 8), secret: true,
        meaning: "By it Clerk is asked who somebody new is, and told which roles he has; left out, neither happens.",
        conflict: { needsInstance($0, $1) })
    package static let issuer = Setting<String?>(
        "CLERK_ISSUER", "clerk.issuer", default: nil, .webAddress,
        meaning: "Who issues its tokens; left out, the address in the publishable key.")
    package static let keysURL = Setting<String?>(
        "CLERK_JWKS_URL", "clerk.jwksURL", default: nil, .webAddress,
        meaning: "Where the keys are that they are signed with; left out, the issuer's.")
    package static let parties = Setting<[String]>(
        "CLERK_AUTHORIZED_PARTIES", "clerk.authorizedParties", default: [], .webAddresses,
        meaning: "Applications whose tokens are taken, by their addresses; left out, those of all of the instance's.")
    package static let webhookSecret = Setting<String?>(
        "CLERK_WEBHOOK_SECRET", "clerk.webhookSecret", default: nil, .svixSecret, secret: true,
        meaning: "What its webhooks are signed with; left out, none are taken.", conflict: { needsInstance($0, $1) })
    package static let url = Setting<String>(
        "CLERK_API_URL", "clerk.apiURL", default: "https://api.clerk.com/v1", .webAddress, meaning: "Where Clerk is asked.")

    package static let rows: [any SettingRow] = [
        publishableKey, secretKey, issuer, keysURL, parties, webhookSecret, url,
    ]

    private static func needsInstance(_ value: String?, _ settings: Settings) -> String? {
        if value == nil || settings[publishableKey] != nil || settings[issuer] != nil { return nil }
        return "needs CLERK_PUBLISHABLE_KEY or CLERK_ISSUER"
    }

    /// The host that a publishable key names: `pk_test_` or `pk_live_`, and base64 of it with a dollar at its end.
    static func host(in key: String) -> String? {
        guard let head = ["pk_test_", "pk_live_"].first(where: key.hasPrefix) else { return nil }
        let text = key.dropFirst(head.count).prefix { $0 != "=" }
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(String(padded)), bytes.last == UInt8(ascii: "$") else { return nil }
        let host = String(decoding: bytes.dropLast(), as: UTF8.self)
        let isHost = host.contains(".") && host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isHost ? host : nil
    }
}

extension SettingCheck where Value == String? {
    fileprivate static var publishableKey: SettingCheck {
        SettingCheck { key in
            guard let key, ClerkSettings.host(in: key) == nil else { return nil }
            return "is no publishable key of Clerk: pk_test_… or pk_live_…"
        }
    }

    fileprivate static var svixSecret: SettingCheck {
        SettingCheck { secret in
            guard let secret, SvixSignature(secret: secret) == nil else { return nil }
            return "is no signing secret of Svix: whsec_ and base64"
        }
    }
}
