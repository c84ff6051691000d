/// Bounds and ways of the client.
package struct ClientSettings: Sendable {
    /// For name, TCP, proxy and TLS together.
    package var connectTimeout = Duration.seconds(5)
    /// From the call to the last byte, unless the request says otherwise.
    package var timeout = Duration.seconds(30)
    package var largestAnswer = 8 * 1024 * 1024
    /// Per host and loop.
    package var connectionsPerHost = 16
    /// Requests that wait for a connection, per host and loop.
    package var waitingPerHost = 256
    /// A kept connection is closed after that long without use.
    package var idleTimeout = Duration.seconds(30)
    /// PEM file with the trusted authorities; nil for the system's.
    package var authorities: String?
    package var proxy: ClientProxy?

    package init() {}
}

/// A proxy for everything but the hosts named.
package struct ClientProxy: Sendable, Equatable {
    package var host: String
    package var port: UInt16
    /// The value of Proxy-Authorization, `Basic …`.
    package var authorization: String?
    /// Hosts reached directly; `.example.org` stands for all below it.
    package var except: [String]

    package init(host: String, port: UInt16, authorization: String? = nil, except: [String] = []) {
        self.host = host
        self.port = port
        self.authorization = authorization
        self.except = except.map { $0.lowercased() }
    }

    func serves(_ host: String) -> Bool {
        !except.contains { $0 == host || $0.hasPrefix(".") && host.hasSuffix($0) }
    }
}
