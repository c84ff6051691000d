import Service
import Values

/// Rows of the table of settings that Identity reads.
package enum IdentitySettings {
    package static let accessTokenMinutes = Setting<Minutes>(
        "ACCESS_TOKEN_MINUTES", "identity.accessTokenMinutes", default: 15, .range(1...60),
        meaning: "How long an access token lasts.")
    package static let refreshTokenDays = Setting<Days>(
        "REFRESH_TOKEN_DAYS", "identity.refreshTokenDays", default: 7, .range(1...90),
        meaning: "How long a sign-in may rest before it ends.")
    package static let bcryptRounds = Setting<Int>(
        "BCRYPT_ROUNDS", "identity.bcryptRounds", default: 12, .range(4...16),
        meaning: "Cost of hashing a password; each step doubles it.")
    package static let passwordMinimum = Setting<Int>(
        "PASSWORD_MIN", "identity.passwordMinimum", default: 8, .range(8...64), meaning: "Fewest characters of a password.")
    package static let signingKeyDays = Setting<Days>(
        "SIGNING_KEY_DAYS", "identity.signingKeyDays", default: 30, .range(1...365),
        meaning: "How long one key signs access tokens before the next takes over.")
    package static let registration = Setting<Bool>(
        "REGISTRATION", "identity.registration", default: true, changeable: .platform, isPublic: true,
        meaning: "Whether people may make accounts themselves.")
    package static let bootstrapEmail = Setting<EmailAddress?>(
        "BOOTSTRAP_ADMIN_EMAIL", "identity.bootstrapEmail", default: nil,
        meaning: "Becomes super administrator at the first start. Outside production admin@studyspot.com unless set.")
    package static let bootstrapPassword = Setting<String?>(
        "BOOTSTRAP_ADMIN_PASSWORD", "identity.bootstrapPassword", default: nil, secret: true,
        meaning: "The password that has to be changed at the first sign-in, in production before anything else. Outside production Admin@123 unless set."
    ) { password, settings in
        let isKnown = settings[GeneralSettings.environment] == .production && password == Bootstrap.seed.password
        return isKnown ? "everybody knows this one; choose another" : nil
    }
    package static let auditRetentionDays = Setting<Days>(
        "AUDIT_RETENTION_DAYS", "identity.auditRetentionDays", default: 365, .range(30...3650),
        meaning: "How long the audit trail is kept.")

    package static let rows: [any SettingRow] = [
        accessTokenMinutes, refreshTokenDays, bcryptRounds, passwordMinimum, signingKeyDays, registration,
        bootstrapEmail, bootstrapPassword, auditRetentionDays,
    ]
}

extension EmailAddress: SettingValue {
    package static var expectation: String { "an e-mail address" }
    package init?(setting text: String) { self.init(text) }
    package var settingText: String { text }
}
