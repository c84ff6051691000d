import Crypto
import HTTP
import Service
import Values

/// Settings of push messages.
package enum PushSettings {
    /// The push services of the browsers that there are.
    static let hosts = [
        "fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com",
    ]

    package static let firebaseProject = Setting<String?>(
        "FIREBASE_PROJECT_ID", "push.firebaseProject", default: nil, meaning: "Project at Firebase, by which phones are reached.",
        conflict: firebaseIncomplete)
    package static let firebaseKey = Setting<String?>(
        "FIREBASE_PRIVATE_KEY", "push.firebaseKey", default: nil, .rsaKey, secret: true,
        meaning: "Private key of its service account in PEM; line ends may be written as \\n.", conflict: firebaseIncomplete)
    package static let firebaseEmail = Setting<String?>(
        "FIREBASE_CLIENT_EMAIL", "push.firebaseEmail", default: nil, meaning: "The service account.", conflict: firebaseIncomplete)
    package static let firebaseURL = Setting<String>(
        "FIREBASE_API_URL", "push.firebaseURL", default: "https://fcm.googleapis.com", .webAddress, meaning: "Where Firebase's API is.")
    package static let googleTokenURL = Setting<String>(
        "GOOGLE_TOKEN_URL", "push.googleTokenURL", default: "https://oauth2.googleapis.com/token", .webAddress,
        meaning: "Where Google hands out access tokens.")
    package static let expoToken = Setting<String?>(
        "EXPO_ACCESS_TOKEN", "push.expoToken", default: nil, secret: true, meaning: "Token of Expo's push service.")
    package static let expoURL = Setting<String>(
        "EXPO_API_URL", "push.expoURL", default: "https://exp.host", .webAddress, meaning: "Where Expo's push service is.")
    package static let vapidPublic = Setting<String?>(
        "VAPID_PUBLIC_KEY", "push.vapidPublic", default: nil, meaning: "What browsers subscribe with, in base64url.",
        conflict: vapidIncomplete)
    package static let vapidPrivate = Setting<String?>(
        "VAPID_PRIVATE_KEY", "push.vapidPrivate", default: nil, secret: true, meaning: "The private half, in base64url.",
        conflict: vapidIncomplete)
    package static let vapidSubject = Setting<String?>(
        "VAPID_SUBJECT", "push.vapidSubject", default: nil,
        meaning: "mailto: or https: address where the browsers' push services reach us.", conflict: vapidIncomplete)
    package static let webPushHosts = Setting<[String]>(
        "WEB_PUSH_HOSTS", "push.webPushHosts", default: hosts,
        meaning: "Hosts that subscriptions of browsers may lead to; *. stands for any name below.")

    package static let rows: [any SettingRow] = [
        firebaseProject, firebaseKey, firebaseEmail, firebaseURL, googleTokenURL, expoToken, expoURL, vapidPublic, vapidPrivate,
        vapidSubject, webPushHosts,
    ]

    @Sendable private static func firebaseIncomplete(_ value: String?, _ settings: Settings) -> String? {
        let values = [settings[firebaseProject], settings[firebaseKey], settings[firebaseEmail]]
        return value == nil && values.contains { $0 != nil }
            ? "is missing: FIREBASE_PROJECT_ID, _PRIVATE_KEY and _CLIENT_EMAIL belong together" : nil
    }

    @Sendable private static func vapidIncomplete(_ value: String?, _ settings: Settings) -> String? {
        let values = [settings[vapidPublic], settings[vapidPrivate], settings[vapidSubject]]
        if values.allSatisfy({ $0 == nil }) { return nil }
        if value == nil { return "is missing: VAPID_PUBLIC_KEY, _PRIVATE_KEY and _SUBJECT belong together" }
        return VAPID(settings) != nil || values.contains { $0 == nil } ? nil : "VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are no pair"
    }
}

extension VAPID {
    /// Nil where no pair is set.
    init?(_ settings: Settings) {
        guard let publicKey = settings[PushSettings.vapidPublic], let privateKey = settings[PushSettings.vapidPrivate],
            let subject = settings[PushSettings.vapidSubject]
        else { return nil }
        self.init(publicKey: publicKey, privateKey: privateKey, subject: subject)
    }
}

extension RS256PrivateKey {
    /// A key as an environment holds it, on one line.
    convenience init(setting text: String) throws(CryptoError) { try self.init(pem: text.replacing("\\n", with: "\n")) }
}

extension SettingCheck where Value == String? {
    fileprivate static var rsaKey: SettingCheck {
        SettingCheck { text in
            guard let text, (try? RS256PrivateKey(setting: text)) == nil else { return nil }
            return "is no private key of RSA in PEM"
        }
    }
}

extension PushProviders {
    /// The services that have credentials; of the others the sandbox takes the place, in production nobody.
    package init(_ settings: Settings, through parts: OutsideParts) {
        let isProduction = settings[GeneralSettings.environment] == .production
        var all: [DeviceKind: any PushProvider] = [:]
        if !isProduction { for kind in DeviceKind.allCases { all[kind] = SandboxPush() } }
        if let project = settings[PushSettings.firebaseProject], let email = settings[PushSettings.firebaseEmail],
            let key = settings[PushSettings.firebaseKey].flatMap({ try? RS256PrivateKey(setting: $0) })
        {
            let address = settings[PushSettings.googleTokenURL]
            all[.fcm] = FCMProvider(
                service: OutsideHTTP("fcm", base: settings[PushSettings.firebaseURL], through: parts), project: project,
                tokens: GoogleTokens(
                    OutsideHTTP("google", base: address, through: parts), address: address, email: email, key: key))
        }
        // It asks for no credentials; who has some is asked for them.
        if isProduction || settings[PushSettings.expoToken] != nil {
            let fields = settings[PushSettings.expoToken].map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
            all[.expo] = ExpoProvider(
                service: OutsideHTTP("expo", base: settings[PushSettings.expoURL], fields: fields, through: parts))
        }
        let hosts = settings[PushSettings.webPushHosts]
        let vapid = VAPID(settings)
        if let vapid {
            all[.webpush] = WebPushProvider(
                service: OutsideService("webpush", client: parts.client, metrics: parts.metrics), vapid: vapid, hosts: hosts,
                clock: parts.clock)
        }
        self.init(all, webPushKey: vapid?.publicKey, webPushHosts: hosts)
    }
}
