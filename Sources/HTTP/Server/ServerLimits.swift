/// Every bound of the server. All are settings; the defaults are those of the platform's specification.
package struct ServerLimits: Sendable {
    package var head = HeadLimits()
    /// Bytes of chunk extensions in one body; beyond it 400.
    package var chunkExtensions = 4 * 1024
    /// Bytes of one trailer section; beyond it 431.
    package var trailers = 8 * 1024

    /// From the connection to its first byte; then it is closed.
    package var firstByte = Duration.seconds(15)
    /// From a head's first byte to its end, however it drips; beyond it 408.
    package var headTime = Duration.seconds(10)
    /// Between two receptions of a body; beyond it 408.
    package var bodyIdle = Duration.seconds(30)
    /// For a whole body of at most `smallBody`.
    package var bodyTime = Duration.seconds(60)
    package var smallBody = 1024 * 1024
    /// For a whole larger body, and the least bytes a second it must arrive at.
    package var uploadTime = Duration.seconds(600)
    package var uploadRate = 8 * 1024
    /// Keep-alive without a request.
    package var idle = Duration.seconds(60)
    /// An answer waits that long without the peer taking a byte of it; then the connection is reset.
    package var writeStall = Duration.seconds(30)
    /// From the end of a request's head to its answer; beyond it 503. Streams both ways have `uploadTime`.
    package var handler = Duration.seconds(30)
    /// After the last answer on a connection whose request was not read to its end: what still comes is thrown away
    /// for that long, so that the answer is not lost in a reset (RFC 9112 section 9.6).
    package var linger = Duration.seconds(2)
    /// From the beginning of a graceful stop to the end of idle connections: a request that is on its way, or that a client
    /// sends before it has heard of the end, is answered with `Connection: close` instead of meeting a closed connection
    /// (RFC 9112 section 9.6 tells of that race).
    package var lastCall = Duration.milliseconds(500)
    /// How often time limits are looked at.
    package var tick = Duration.seconds(1)

    /// Bytes of a streamed answer that may wait unread; then its writer is suspended.
    package var unreadAnswer = 128 * 1024
    /// Bytes of complete answers that may wait unread before the next pipelined request is looked at.
    package var unreadPipeline = 64 * 1024
    /// Bytes of a streamed body that may wait for its reader; then reading from the socket stops.
    package var unreadBody = 64 * 1024
    /// The rest of a body that nobody wanted is read and dropped up to this size; beyond it the connection closes.
    package var discardedBody = 64 * 1024
    /// Pipelined requests of one connection answered before the others have their turn.
    package var requestsPerRound = 64

    /// In all; one more is answered 503.
    package var connections = 20_000
    /// Per address, ports aside; one more is answered 503. Loopback is exempt: a proxy in front comes from there.
    package var connectionsPerAddress = 1_000
    package var exemptsLoopback = true
    /// Requests between head and answer; one more is answered 503.
    package var inFlight = 2_000
    package var acceptsPerWake = 64
    package var backlog = 4_096

    package init() {}
}
