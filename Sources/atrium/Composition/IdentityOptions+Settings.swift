import Identity
import Service

extension IdentityOptions {
    init(_ live: LiveSettings, dataKey: [UInt8]) throws(SettingsError) {
        let settings = live.start
        let addresses = PublicAddresses(settings)
        guard let options = IdentityOptions(dataKey: dataKey, issuer: addresses.server, appURL: addresses.app) else {
            throw SettingsError(SecretSettings.dataKey, of: settings, reason: "expected 32 bytes")
        }
        self = options
        accessLife = settings[IdentitySettings.accessTokenMinutes].duration
        refreshLife = settings[IdentitySettings.refreshTokenDays].duration
        bcryptRounds = settings[IdentitySettings.bcryptRounds]
        passwordMinimum = settings[IdentitySettings.passwordMinimum]
        signingKeyLife = settings[IdentitySettings.signingKeyDays].duration
        isRegistrationOpen = { live[IdentitySettings.registration] }
        auditRetention = settings[IdentitySettings.auditRetentionDays].duration
        // Elsewhere the seed's administrator works as he is.
        enforcesPasswordChange = settings[GeneralSettings.environment] == .production
        staffNetworks = Policy.networks(settings, ServerSettings.adminNetworks)
        bootstrap = Self.bootstrap(settings)
    }

    private static func bootstrap(_ settings: Settings) -> Bootstrap? {
        let isProduction = settings[GeneralSettings.environment] == .production
        let password = settings[IdentitySettings.bootstrapPassword] ?? (isProduction ? nil : Bootstrap.seed.password)
        guard let password else { return nil }
        guard let email = settings[IdentitySettings.bootstrapEmail] else {
            return isProduction ? nil : Bootstrap(email: Bootstrap.seed.email, password: password)
        }
        return Bootstrap(email: email, password: password)
    }
}
