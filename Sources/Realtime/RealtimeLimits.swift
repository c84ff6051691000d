import Service

/// Every bound of sockets and rooms (0-platform 5.3).
package struct RealtimeLimits: Sendable {
    /// Sockets of one user, a namespace of Socket.IO counting as one.
    package var socketsPerUser = 10
    /// Rooms of one socket.
    package var roomsPerSocket = 50
    /// Messages of a client within `eventWindow`.
    package var events = 60
    package var eventWindow = Duration.seconds(10)
    /// From the opening of an Engine.IO session to its first namespace.
    package var connectTime = Duration.seconds(45)
    /// On `/ws`, from the handshake to the first message; then the socket is a guest's.
    package var authTime = Duration.seconds(10)
    package var pingInterval = Duration.seconds(25)
    package var pingTimeout = Duration.seconds(20)
    /// Bytes of one message or one polling body.
    package var payload = 1_000_000
    /// Bytes that may wait for a client that polls.
    package var unsent = 1024 * 1024
    /// How often what a socket may is asked again.
    package var recheck = Duration.seconds(60)
    /// Engine.IO sessions and requests that wait for something to tell, of the whole process.
    package var sessions = 20_000
    package var polls = 500
    /// Sessions that one address may open; nil for any number.
    package var openings: RateLimit? = RateLimit("socket-openings", 100, perSeconds: 60)
    package var tick = Duration.seconds(1)

    package init() {}
}
