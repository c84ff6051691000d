import Service

extension Policy {
    init(_ settings: Settings) {
        self.init(
            rateLimit: settings.defaultRateLimit, keepsOwnLimits: settings[ServerSettings.rateLimitEnabled],
            corsOrigins: Set(settings[ServerSettings.corsOrigins]),
            trustedProxies: Self.networks(settings, ServerSettings.trustedProxies),
            adminNetworks: Self.networks(settings, ServerSettings.adminNetworks),
            bodyLimit: settings[LimitSettings.body].bytes,
            isProduction: settings[GeneralSettings.environment] == .production)
    }

    static func networks(_ settings: Settings, _ row: Setting<[String]>) -> [Network] {
        settings[row].compactMap { Network($0) }
    }
}
