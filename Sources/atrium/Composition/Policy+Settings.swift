import Service

extension Policy {
    init(_ settings: Settings) throws {
        let perMinute = settings[ServerSettings.rateLimitPerMinute]
        self.init(
            rateLimit: perMinute == 0 ? nil : RateLimit("default", perMinute, perSeconds: 60),
            keepsOwnLimits: true, corsOrigins: Set(settings[ServerSettings.corsOrigins]),
            trustedProxies: try Self.networks(settings, ServerSettings.trustedProxies),
            adminNetworks: try Self.networks(settings, ServerSettings.adminNetworks),
            bodyLimit: settings[LimitSettings.body].bytes,
            isProduction: settings[GeneralSettings.environment] == .production)
    }

    static func networks(_ settings: Settings, _ row: Setting<[String]>) throws(SettingsError) -> [Network] {
        var networks: [Network] = []
        for text in settings[row] {
            guard let network = Network(text) else {
                throw SettingsError(row, of: settings, reason: "\"\(text)\" is no network")
            }
            networks.append(network)
        }
        return networks
    }
}
