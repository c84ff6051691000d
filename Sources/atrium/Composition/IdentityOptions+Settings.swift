import Identity
import Service
import Values

extension IdentityOptions {
    init(_ settings: Settings, dataKey: [UInt8]) throws(SettingsError) {
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
        isRegistrationOpen = settings[IdentitySettings.registration]
        auditRetention = settings[IdentitySettings.auditRetentionDays].duration
        // Elsewhere the seed's administrator works as he is.
        enforcesPasswordChange = settings[GeneralSettings.environment] == .production
        staffNetworks = try Policy.networks(settings, ServerSettings.adminNetworks)
        bootstrap = try Self.bootstrap(settings)
    }

    private static func bootstrap(_ settings: Settings) throws(SettingsError) -> Bootstrap? {
        let isProduction = settings[GeneralSettings.environment] == .production
        let password = settings[IdentitySettings.bootstrapPassword] ?? (isProduction ? nil : Bootstrap.seed.password)
        guard let password else { return nil }
        if isProduction, password == Bootstrap.seed.password {
            throw SettingsError(
                IdentitySettings.bootstrapPassword, of: settings, reason: "everybody knows this one; choose another")
        }
        guard let given = settings[IdentitySettings.bootstrapEmail] else {
            return isProduction ? nil : Bootstrap(email: Bootstrap.seed.email, password: password)
        }
        guard let email = EmailAddress(given) else {
            throw SettingsError(IdentitySettings.bootstrapEmail, of: settings, reason: "expected an e-mail address")
        }
        return Bootstrap(email: email, password: password)
    }
}
