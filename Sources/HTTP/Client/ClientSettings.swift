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
