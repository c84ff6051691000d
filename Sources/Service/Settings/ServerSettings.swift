import Postgres
import Runtime

/// The HTTP server: where it listens and every bound of 0-platform 4.13.
package enum ServerSettings {
    package static let port = Setting<Int>(
        "PORT", "server.port", default: 3000, .range(0...65535), meaning: "TCP port; 0 takes a free one.")
    package static let host = Setting<String>(
        "HOST", "server.host", default: "127.0.0.1", .listeningAddress,
        meaning: "Address to listen on. 0.0.0.0 or :: for all; put a proxy with TLS in front then.")
    package static let loops = Setting<Int>(
        "LOOPS", "server.loops", default: 0, .range(0...256),
        meaning: "Event loops; 0 means one for each core, as far as DB_POOL_MAX is enough for two connections each."
    ) { loops, settings in
        let connections = settings[PostgresSettings.poolMax]
        if loops <= DatabaseSettings.loops(connections: connections) { return nil }
        return "is \(loops), for which DB_POOL_MAX has to be at least \(2 * loops + 1); it is \(connections)"
    }
    package static let trustedProxies = Setting<[String]>(
        "TRUSTED_PROXIES", "server.trustedProxies", default: [], .networks,
        meaning: "Addresses or networks of proxies whose X-Forwarded-For is believed.")
    package static let adminNetworks = Setting<[String]>(
        "ADMIN_NETWORKS", "server.adminNetworks", default: [], .networks,
        meaning: "Networks that may use admin paths, and that the platform's staff may sign in from; empty for any.")
    package static let corsOrigins = Setting<[String]>(
        "CORS_ORIGINS", "server.corsOrigins", default: [], .webAddresses,
        meaning: "Origins whose pages may call the API. Outside production localhost may as well.")
    package static let rateLimitPerMinute = Setting<Int>(
        "RATE_LIMIT_PER_MINUTE", "server.rateLimitPerMinute", default: 100, .range(0...1_000_000), changeable: .platform,
        meaning: "Requests a minute of one user, or of one address while nobody is signed in; 0 switches it off, but for the limits that operations have of their own.")
    package static let rateLimitEnabled = Setting<Bool>(
        "RATE_LIMIT_ENABLED", "server.rateLimitEnabled", default: true,
        meaning: "Whether requests are counted and refused beyond their limits, whoever has set these. Sign-in and codes keep theirs.")
    package static let metricsToken = Setting<String?>(
        "METRICS_TOKEN", "server.metricsToken", default: nil, .length(atLeast: 16), secret: true,
        meaning: "Bearer token of /metrics. Without it only this machine may read them.")
    package static let apiDocs = Setting<Bool?>(
        "API_DOCS", "server.apiDocs", default: nil,
        meaning: "Whether /docs and /openapi.json are shown; left out: everywhere but in production.")
    package static let benchmarkRoutes = Setting<Bool>(
        "BENCHMARK_ROUTES", "server.benchmarkRoutes", default: false,
        meaning: "Adds /plaintext and /json, which exist for measurements alone.")
    package static let slowRequest = Setting<Milliseconds>(
        "SLOW_REQUEST_MS", "server.slowRequest", default: 250, .range(1...3_600_000),
        meaning: "From how many milliseconds on a request is kept in the list of slow ones.")
    package static let drainSeconds = Setting<Seconds?>(
        "DRAIN_SECONDS", "server.drainSeconds", default: nil, .range(0...300),
        meaning: "How long after a stop signal new connections are still taken while /health/ready says 503: 5, or 0 outside production.")

    package static let rows: [any SettingRow] = [
        port, host, loops, trustedProxies, adminNetworks, corsOrigins, rateLimitPerMinute, rateLimitEnabled, metricsToken, apiDocs,
        benchmarkRoutes, slowRequest, drainSeconds,
    ]
}

extension SettingCheck where Value == String {
    fileprivate static var listeningAddress: SettingCheck {
        SettingCheck { host in
            if SocketAddress(host: host, port: 0) != nil { return nil }
            return "expected a numeric address such as 127.0.0.1, 0.0.0.0 or ::"
        }
    }
}

extension SocketAddress {
    /// A numeric address or `localhost`. Nil for other names: nothing is looked up in order to listen.
    fileprivate init?(host: String, port: UInt16) {
        self.init(ip: host == "localhost" ? "127.0.0.1" : host, port: port)
    }

    /// HOST and PORT.
    package init(_ settings: Settings) {
        let port = UInt16(settings[ServerSettings.port])
        guard let address = SocketAddress(host: settings[ServerSettings.host], port: port) else {
            preconditionFailure("HOST has passed its check")
        }
        self = address
    }
}

extension Settings {
    /// What one caller may ask for where nothing else is said; nil where nobody counts.
    package var defaultRateLimit: RateLimit? {
        let perMinute = self[ServerSettings.rateLimitPerMinute]
        guard self[ServerSettings.rateLimitEnabled], perMinute > 0 else { return nil }
        return RateLimit("default", perMinute, perSeconds: 60)
    }
}
